// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Specification;
using Xunit;

namespace NnTrain.Tests.Specification;

/// <summary>Recipes whose parts do not fit together: said at the key, before anything is trained.</summary>
public sealed class MethodKeysTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "configs", "training", "methods");

    /// <summary>Recipes that are no method of the catalogue: for accumulators, and for bits of each layer.</summary>
    private static readonly string[] Others = ["../accumulator", "../mixed"];

    public static TheoryData<string> Recipes =>
    [
        .. Others.SelectMany(folder => Directory.GetFiles(Path.Combine(Folder, folder), "*.yaml").Select(file => $"{folder}/{Path.GetFileNameWithoutExtension(file)}"))
            .Concat(Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "catalogue")).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_method_s_recipe_is_sound_and_bears_the_name_of_its_file(string name)
    {
        SpecIssues issues = [];

        TrainingSpec? recipe = TrainingSpecFile.Load(Path.Combine(Folder, name + ".yaml"), issues);

        Assert.Empty(issues);
        Assert.Equal(Path.GetFileName(name), recipe!.Name);
        Assert.StartsWith("# ", File.ReadAllText(Path.Combine(Folder, name + ".yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("post-training", "calibration_images: 0", "calibration_images", "out of range, found '0', allowed 1..4096")]
    [InlineData("post-training", "calibration_images: 4097", "calibration_images", "out of range, found '4097', allowed 1..4096")]
    [InlineData("post-training", "warm_start: false", "epochs", "nothing is trained and nothing to start from")]
    [InlineData("post-training", "weight_transition: {kind: blending, start_epoch: 0, end_epoch: 0.5}", "weight_transition", "there is no time for it in 0 epochs")]
    [InlineData("twn", "post_training: {learn_rounding: true}", "post_training", "training moves the weights after learn_rounding")]
    [InlineData("post-training", "post_training: {learn_rounding: true}", "post_training", "learn_rounding sets weights to multiples of a step that stays")]
    [InlineData("wrpn", "activations: {limit: 0}", "activations.limit", "out of range, found '0'")]
    [InlineData("post-training", "weights: {training_rounding: stochastic}", "epochs", "nothing is trained, found 0 epochs with training_rounding: stochastic")]
    [InlineData("pact", "activations: {training_rounding: stochastik}", "activations.training_rounding", "unknown name, found 'stochastik'")]
    [InlineData("twn", "weights: {training_rounding: stochastic}", "weights.training_rounding", "found the grid 'signed_narrow', the range 'ternary_threshold'")]
    [InlineData("inq", "weights: {training_rounding: stochastic}", "weights.training_rounding", "found the grid 'power_of_two'")]
    [InlineData("deep-compression", "weights: {training_rounding: stochastic}", "weights.training_rounding", "the range 'k_means'")]
    [InlineData("self-binarizing", "weights: {training_rounding: stochastic}", "weights.training_rounding", "the gradient 'soft_sign'")]
    [InlineData("dorefa", "activations: {limit: 2}", "activations.limit", "of a range that is given, or starts somewhere, found the range 'dorefa'")]
    [InlineData("qil", "activations: {trained_exponent: true}", "activations.trained_exponent", "the exponent is that of weights in an interval, found the range 'learned_interval' with the grid 'unsigned'")]
    [InlineData("twn", "weights: {sparsity: 0.5}", "weights.sparsity", "of a codebook only, found the range 'ternary_threshold'")]
    [InlineData("twn", "weights: {fit: exact}", "weights.fit", "values of others are not fitted, found the range 'ternary_threshold'")]
    [InlineData("lab", "weights: {fit: exact}", "weights.fit", "values of others are not fitted, found the range 'loss_aware' with the grid 'bipolar'")]
    [InlineData("laq", "weights: {fit: greedy}", "weights.fit", "ternary weights have one value, found 'greedy'")]
    [InlineData("laq", "weights: {fit: exact, granularity: per_channel}", "weights.granularity", "magnitudes of a layer are sorted")]
    [InlineData("ttq", "weights: {reading: port}", "weights.reading", "there is no such text of it, found 'port' with the range 'trained_ternary', allowed paper, code")]
    [InlineData("dorefa", "weights: {reading: paper}", "weights.reading", "there is no such text of it, found 'paper' with the range 'dorefa', allowed code, port")]
    [InlineData("xnor-net", "weights: {reading: code}", "weights.gradient", "this gradient has its own window, found 'ste_clipped' with reading: code")]
    [InlineData("pact", "activations: {gradient: log_tail}", "activations.gradient", "log_tail is a half wave's, found the range 'pact'")]
    [InlineData("shift-adamax", "optimizer: {reading: port}", "optimizer.reading", "there is no such text of it, found 'port'")]
    [InlineData("twn", "weight_transition: {kind: relaxation, growth: 0.5, hard_epoch: 2}", "weight_transition.growth", "out of range, found '0.5', allowed 1..1000")]
    [InlineData("twn", "weight_transition: {kind: relaxation, growth: 1.04, hard_epoch: 9}", "weight_transition.hard_epoch", "out of range, found '9'")]
    [InlineData("post-training", "weight_start: {order: together, start_epoch: 0}", "weight_start", "there is no time for it in 0 epochs")]
    [InlineData("post-training", "activation_start: {order: together, start_epoch: 0}", "activation_start", "there is no time for it in 0 epochs")]
    [InlineData("post-training", "distillation: {label_weight: 1, score_weight: 1}", "distillation", "there is no time for it in 0 epochs")]
    [InlineData("post-training", "auxiliary_weight: 1", "auxiliary_weight", "there is no time for it in 0 epochs")]
    [InlineData("post-training", "weight_pull: {kind: absolute, weight: 0.1}", "weight_pull", "there is no time for it in 0 epochs")]
    [InlineData("dsq", "epochs: 0", "epochs", "soft_step turns into steps while it is trained, found 0 epochs")]
    [InlineData("self-binarizing", "epochs: 0\n  warm_start: true", "epochs", "soft_sign turns into steps while it is trained, found 0 epochs")]
    [InlineData("ir-net", "epochs: 0\n  warm_start: true", "epochs", "error_decay turns into steps while it is trained, found 0 epochs")]
    [InlineData("self-binarizing", "weight_transition: {kind: blending, start_epoch: 0, end_epoch: 1}", "weight_transition", "weights go over to signs as soft_sign hardens")]
    [InlineData("jacob-int8", "weight_transition: {kind: incremental, portions: [0.5, 1]}", "weight_transition", "frozen weights keep their codes where ranges stay, found the range 'min_max'")]
    [InlineData("jacob-int8", "weight_pull: {kind: absolute, weight: 0.1}", "weight_pull", "weights are drawn to the scale of their signs")]
    [InlineData("bop", "weight_start: {order: together, start_epoch: 1}", "optimizer", "bop has no real weights that could wait")]
    [InlineData("bop", "weight_transition: {kind: blending, start_epoch: 0, end_epoch: 1}", "optimizer", "bop has no real weights that could go over")]
    [InlineData("jacob-int8", "schedule: {warmup_epochs: 4}", "schedule.warmup_epochs", "the rate rises to the end and beyond, found 4 of 3 epochs")]
    [InlineData("jacob-int8", "schedule: {kind: step, milestones: [3, 1], factor: 0.1, final_factor: null}", "schedule.milestones", "found 3, 1, allowed ascending numbers")]
    [InlineData("bnn", "activations: {gradient_window: 0}", "activations.gradient_window", "out of range, found '0'")]
    [InlineData("bi-real", "activations: {gradient_window: 1.3}", "activations.gradient_window", "how far gradients of signs reach, found the grid 'bipolar' and the gradient 'approximate_sign'")]
    [InlineData("twn", "weights: {gradient_window: 1.3}", "weights.gradient_window", "how far gradients of signs reach, found the grid 'signed_narrow'")]
    [InlineData("hwgq", "activations: {reading: code}", "activations.reading", "texts do not differ in it, found the range 'half_wave' with the grid 'half_wave'")]
    [InlineData("inq", "weight_transition: {partition: smallest}", "weight_transition.partition", "found 'smallest'")]
    [InlineData("post-training", "weights: {deviations: 3}", "weights.deviations", "of a range from the mean on, found the range 'min_max'")]
    [InlineData("moons", "weights: {deviations: 3, percentile: 0.9}", "weights.deviations", "found the range 'integer_length' and percentile")]
    [InlineData("post-training", "weights: {chunks: 16}", "weights.chunks", "weights are there as a whole")]
    [InlineData("pact", "activations: {chunks: 16}", "activations.chunks", "of largest values that are observed, found the range 'pact'")]
    [InlineData("post-training", "activations: {chunks: 1}", "activations.chunks", "out of range, found '1', allowed 2..1024")]
    [InlineData("jacob-int8", "norm_freeze_epoch: 4", "norm_freeze_epoch", "out of range, found '4', allowed 0..3")]
    [InlineData("aux-gradient", "norm_freeze_epoch: 1", "norm_freeze_epoch", "statistics of batch norm stay from then on, found batch_norm 'none'")]
    [InlineData("kt-detector", "norm_freeze_epoch: 1", "norm_freeze_epoch", "found batch_norm 'folded' and norm_images")]
    [InlineData("post-training", "weights: {bits: 0}", "weights.bits", "out of range, found '0'")]
    [InlineData("post-training", "weights: {percentile: 0.99}", "weights.percentile", "of a quantile, found the range 'min_max'")]
    [InlineData("post-training", "weights: {reading: code}", "weights.reading", "texts do not differ in it")]
    [InlineData("post-training", "weights: {variance_correction: true}", "weights.variance_correction", "it stretches a channel's step once")]
    [InlineData("post-training", "weights: {range: mean_of_maxima}", "weights.range", "for activations only")]
    [InlineData("post-training", "weights: {entropy_weight: 0.1}", "weights.entropy_weight", "of a codebook only")]
    [InlineData("post-training", "post_training: {fold_batch_norm: true}", "post_training", "fold_batch_norm without any")]
    [InlineData("post-training", "post_training: {absorb_bias: true}", "post_training", "takes the spread of activations from batch norm")]
    [InlineData("dfq", "post_training: {fold_batch_norm: false, absorb_bias: false}", "post_training", "work on plain layers")]
    [InlineData("resiliency", "post_training: {correct_bias: true}", "post_training", "training moves the biases")]
    [InlineData("post-training", "post_training: {bias_error: weights}", "post_training", "bias_error says what correct_bias makes up for")]
    [InlineData("bnn", "post_training: {equalize: true}", "post_training", "a trained network is changed")]
    [InlineData("moons", "bit_allocation: {widths: [2, 4]}", "bit_allocation.widths", "found 2, 4, allowed descending numbers")]
    [InlineData("inq", "bit_allocation: {kind: equal_noise, cost: weights}", "bit_allocation", "bits are given to uniform weights")]
    [InlineData("ocs", "post_training: {split: {share: 0, halves: even}}", "post_training.split.share", "out of range")]
    [InlineData("hwgq", "activations: {range: min_max}", "activations.range", "half_wave has steps for codes without signs")]
    [InlineData("rebnet", "activations: {bits: 3}", "activations.range", "two signs with a factor each, found 'learned_residual' with the grid 'residual' of 3 bits")]
    [InlineData("rebnet", "activations: {grid: bipolar, bits: 1}", "activations.range", "two signs with a factor each")]
    [InlineData("rebnet", "weights: {grid: residual, bits: 2, range: mean_residual}", "weights.grid", "weights have signs, found 'residual'")]
    [InlineData("pact", "activations: {grid: odd, range: fixed}", "activations.grid", "found 'odd' with batch_norm 'folded'")]
    [InlineData("hawq", "layer_weights: {conv1: {bits: 4}}", "layer_weights", "bits are given to layers of one sentence")]
    [InlineData("twn", "layer_weights: {conv1: {bits: 3}}", "layer_weights.conv1.range", "ternary_threshold makes -1, 0, +1")]
    [InlineData("jacob-int8", "norm_images: 1", "norm_images", "out of range, found '1', allowed 2..65536")]
    [InlineData("aux-gradient", "norm_images: 512", "norm_images", "statistics are taken anew of batch norm")]
    [InlineData("hwgq", "activations: {bits: 5}", "activations.range", "half_wave has steps")]
    [InlineData("twn", "activations: {grid: half_wave, range: half_wave, bits: 2}", "activations.grid", "found 'half_wave' with batch_norm 'folded'")]
    [InlineData("ttq", "weights: {granularity: per_channel}", "weights.granularity", "trained_ternary has one set of values")]
    [InlineData("twn", "weights: {range: trained_ternary, bits: 8}", "weights.range", "allowed trained_ternary with grid signed_narrow and codebook_bits")]
    [InlineData("twn", "weights: {gradient: sign_swish}", "weights.gradient", "sign_swish is the derivative of a sign")]
    [InlineData("inq", "weights: {gradient: soft_step}", "weights.gradient", "soft_step is the derivative of equal steps")]
    [InlineData("ir-net", "weights: {granularity: per_tensor}", "weights.granularity", "standardized weights are those of a channel")]
    [InlineData("lab", "optimizer: {kind: sgd, momentum: 0.9}", "optimizer", "loss_aware weighs by Adam's second moments")]
    [InlineData("twn", "optimizer: {kind: bop, adaptivity: 0.1, threshold: 0.1}", "optimizer", "bop flips signs")]
    [InlineData("twn", "auxiliary_weight: 1", "auxiliary_weight", "would share one batch norm")]
    [InlineData("twn", "weight_start: {order: bottom_up, start_epoch: 2, end_epoch: 1}", "weight_start.end_epoch", "the last layer begins before the first")]
    [InlineData("inq", "weight_start: {order: together, start_epoch: 1}", "weight_start", "weights cannot wait and go over at once")]
    [InlineData("twn", "distillation: {label_weight: 0, score_weight: 0}", "distillation", "nothing is left of the loss")]
    [InlineData("bwnh", "weights: {bits: 2, grid: signed_narrow, range: ternary_threshold, gradient: ste}", "post_training", "reconstruct_signs makes signs")]
    [InlineData("xnor-net", "weights: {reading: paper}", "weights.gradient", "this gradient has its own window")]
    [InlineData("hawq", "weights: {bits: 6}", "bit_allocation", "the first width is that of the recipe, found 8 with weights of 6 bits")]
    [InlineData("releq", "weights: {bits: 6}", "bit_allocation", "the first width is that of the recipe, found 8 with weights of 6 bits")]
    [InlineData("releq", "bit_allocation: {episodes: 0}", "bit_allocation.episodes", "out of range")]
    [InlineData("hawq", "bit_allocation: {widths: [8, 5], mean_bits: 4}", "bit_allocation.mean_bits", "less than the least width")]
    [InlineData("xnor-net", "weights: {orientations: 4}", "weights.orientations", "of filters that are turned only, found the range 'mean_magnitude'")]
    [InlineData("xnor-net", "weights: {range: circulant, orientations: 3}", "weights.range", "found the grid 'bipolar', per_channel, 3 orientations, allowed circulant with grid bipolar, granularity per_channel and 2, 4 or 8")]
    [InlineData("twn", "weights: {range: circulant, orientations: 4}", "weights.range", "one filter of signs in several orientations, found the grid 'signed_narrow'")]
    [InlineData("bit-goes-down", "weights: {block: 1}", "weights.block", "out of range, found '1', allowed 2..64")]
    [InlineData("deep-compression", "weights: {block: 4}", "weights.block", "of a codebook of several weights only, found the range 'k_means'")]
    [InlineData("deep-compression", "weights: {range: product_codebook, codebook_bits: 4}", "weights.range", "allowed product_codebook with grid signed_narrow, codebook_bits and block")]
    [InlineData("bit-goes-down", "activations: {range: product_codebook}", "activations.range", "for weights only")]
    [InlineData("twn", "weights: {gradient: gaussian_sign}", "weights.gradient", "gaussian_sign is the derivative of a sign")]
    [InlineData("../accumulator/a2q", "accumulator: {width: 7}", "accumulator.width", "out of range, found '7', allowed 8..48")]
    [InlineData("../accumulator/a2q", "weights: {rounding: half_up}", "weights.rounding", "codes must not be larger than what the norm bounds")]
    [InlineData("../accumulator/a2q", "weights: {grid: odd}", "weights.rounding", "allowed toward_zero and signed, signed_narrow with norm_bound")]
    [InlineData("../accumulator/a2q", "activations: {range: norm_bound}", "activations.range", "for weights only")]
    [InlineData("inq", "accumulator: {width: 16}", "accumulator", "sums of real weights have no units")]
    [InlineData("post-training", "weights: {range: norm_bound, rounding: toward_zero}", "weights", "a norm is bounded by an accumulator, found none")]
    [InlineData("../accumulator/axe", "weights: {range: min_max}", "post_training", "correct_weights sets weights to multiples of a step that stays")]
    [InlineData("../accumulator/axe", "weights: {rounding: floor}", "post_training", "correct_weights sets weights to multiples of a step that stays")]
    [InlineData("../accumulator/axe", "epochs: 1", "post_training", "training moves the weights after correct_weights")]
    [InlineData("../mixed/learned-cycles", "activations: {bits: 2}", "bit_allocation", "there is nothing to learn, found least_bits 2 with 2 bits")]
    [InlineData("../mixed/learned-cycles", "bit_allocation: {price: -1}", "bit_allocation.price", "out of range")]
    [InlineData("../mixed/learned-cycles", "bit_allocation: {budget: 50000}", "bit_allocation.budget", "a budget finds its own price, found price and budget, allowed one of them")]
    [InlineData("../mixed/budget-cycles", "bit_allocation: {budget: 0}", "bit_allocation.budget", "out of range")]
    [InlineData("twn", "bit_allocation: {kind: equal_noise, cost: weights, decibels_per_bit: 6.02}", "bit_allocation", "it may come to bits that weights cannot have: ternary_threshold makes -1, 0, +1")]
    [InlineData("hwgq", "weights: {bits: 4, grid: signed_narrow, range: min_max, gradient: ste}\n  bit_allocation: {kind: search, groups: layers, order: greedy, widths: [8, 4], margin: 0.1, images: 10}", "bit_allocation", "it may come to bits that activations cannot have: half_wave has steps")]
    [InlineData("../mixed/learned-cycles", "warm_start: false", "bit_allocation", "bits are given to a trained network")]
    public void A_recipe_whose_parts_do_not_fit_is_refused_at_its_key(string method, string keys, string key, string problem) =>
        AssertRefused(method, $"quantized_phase:\n  {keys}", $"quantized_phase.{key}", problem);

    [Theory]
    [InlineData("aux-gradient", "norm: {kind: range}", "norm.kind", "there is no batch norm, found 'range' with batch_norm 'none'")]
    [InlineData("bnn", "norm: {kind: range, reading: port}", "norm.reading", "there is no such text of it, found 'port'")]
    [InlineData("bnn", "norm: {kind: shift, reading: code}", "norm.reading", "paper and code do not differ in it, found the kind 'shift'")]
    [InlineData("bnn", "norm: {kind: median}", "norm.kind", "found 'median'")]
    [InlineData("jacob-int8", "float_phase: {optimizer: {kind: bop, adaptivity: 0.1, threshold: 0}}", "float_phase.optimizer", "bop flips signs, found real weights")]
    [InlineData("bnn", "loss: squared_hinge\nlabel_smoothing: 0.1", "label_smoothing", "probabilities are spread, found 0.1 with loss 'squared_hinge'")]
    [InlineData("hawq", "loss: squared_error", "loss", "bits and codebooks are weighed by the cross entropy, found 'squared_error'")]
    [InlineData("hessian-ecsq", "loss: squared_error", "loss", "bits and codebooks are weighed by the cross entropy, found 'squared_error'")]
    [InlineData("dfq", "norm: {kind: mean_magnitude}", "norm", "absorb_bias takes the spread of activations from batch norm")]
    public void A_recipe_whose_whole_does_not_fit_is_refused_at_its_key(string method, string keys, string key, string problem) => AssertRefused(method, keys, key, problem);

    private static void AssertRefused(string method, string keys, string key, string problem)
    {
        string file = Path.Combine(Path.GetTempPath(), $"recipe-{Guid.NewGuid():N}.yaml");
        try
        {
            File.WriteAllText(file, $"base: {Path.Combine(Folder, method + ".yaml")}\n{keys}\n");
            SpecIssues issues = [];

            TrainingSpecFile.Load(file, issues);

            Assert.Contains(issues, issue => issue.ToString()!.Contains($"{key}: ", StringComparison.Ordinal) && issue.ToString()!.Contains(problem, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
