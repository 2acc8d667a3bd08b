// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>
/// Reads <c>configs/training/*.yaml</c>: strict, all findings at once; <c>base: FILE</c> lays a recipe over another.
/// </summary>
public static class TrainingSpecFile
{
    // A range is found from all values at once: what 4096 images make of lenet5 takes more than a gigabyte on the way.
    private const int MostCalibrationImages = 4096;
    private const int MostNormImages = 65536;

    /// <summary>Of one image the outputs of a dense layer have no variance, by which batch norm divides.</summary>
    private const int LeastNormImages = 2;

    /// <summary>The recipe of a file, or null after findings.</summary>
    public static TrainingSpec? Load(string path, SpecIssues issues) =>
        YamlFile.LoadWithBase(path, issues) is SpecNode tree ? Read(tree, issues) : null;

    /// <summary>The recipe of a tree that is already loaded (and perhaps overridden), or null after findings.</summary>
    public static TrainingSpec? Read(SpecNode tree, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(tree, issues);
        TrainingSpec recipe = Read(root);
        root.Finish();
        return issues.Count == before ? recipe : null;
    }

    private static TrainingSpec Read(SpecSection section)
    {
        BatchNormKind batchNorm = section.RequiredEnum<BatchNormKind>("batch_norm");
        TrainingSpec recipe = new()
        {
            Name = section.RequiredString("name"),
            Seed = section.RequiredLong("seed", 0, long.MaxValue),
            Threads = section.RequiredInt("threads", 1, 256),
            BatchSize = section.RequiredInt("batch_size", batchNorm == BatchNormKind.None ? 1 : LeastNormImages, 65536),
            LabelSmoothing = section.RequiredDouble("label_smoothing", 0, 0.5),
            Loss = section.OptionalEnum("loss", LossKind.CrossEntropy),
            ShiftPixels = section.RequiredInt("shift_pixels", 0, 8),
            BatchNorm = batchNorm,
            Norm = section.OptionalSection("norm") is SpecSection norm ? NormSpec.Read(norm, batchNorm) : null,
            HardTanh = section.OptionalBool("hard_tanh", false),
            InputThreshold = section.Optional("input_threshold")?.AsDouble(SpecValue.AboveZero, 1),
            FloatPhase = section.OptionalSection("float_phase") is SpecSection floats ? ReadFloatPhase(floats) : null,
            QuantizedPhase = section.OptionalSection("quantized_phase") is SpecSection quantized ? ReadQuantizedPhase(quantized, batchNorm) : null,
        };
        if (recipe.FloatPhase is null && recipe.QuantizedPhase is null)
        {
            section.Issue("nothing to train, allowed float_phase, quantized_phase, or both");
        }
        if (recipe is { Loss: not LossKind.CrossEntropy, LabelSmoothing: > 0 })
        {
            section.Issue("label_smoothing", FormattableString.Invariant($"probabilities are spread, found {recipe.LabelSmoothing} with loss '{EnumNames.Of(recipe.Loss)}', allowed 0, or cross_entropy"));
        }
        if (recipe is { Loss: not LossKind.CrossEntropy, QuantizedPhase: QuantizedPhaseSpec weighed }
            && (weighed.BitAllocation is HessianAllocationSpec or LearnedAllocationSpec || weighed.WeightSentences.Any(weights => weights.WeighByGradient)))
        {
            section.Issue("loss", $"bits and codebooks are weighed by the cross entropy, found '{EnumNames.Of(recipe.Loss)}' with bit_allocation or weigh_by_gradient, allowed cross_entropy");
        }
        if (recipe is { Norm.Kind: not NormKind.Deviation, QuantizedPhase.PostTraining.AbsorbBias: true })
        {
            section.Issue("norm", $"absorb_bias takes the spread of activations from batch norm, found the kind '{EnumNames.Of(recipe.Norm.Kind)}', allowed deviation");
        }
        if (recipe is { InputThreshold: not null, QuantizedPhase.Activations.Grid: not GridKind.Bipolar })
        {
            section.Issue("input_threshold", $"images become signs where activations are signs, found activations of the grid '{EnumNames.Of(recipe.QuantizedPhase.Activations.Grid)}', allowed with bipolar");
        }
        if (recipe is { FloatPhase: null, QuantizedPhase.Distillation: not null })
        {
            section.Issue("quantized_phase", "distillation is there and no teacher, allowed with float_phase");
        }
        if (recipe is { FloatPhase: null, QuantizedPhase.WarmStart: true })
        {
            section.Issue("quantized_phase", "warm_start is true and there is nothing to start from, allowed with float_phase");
        }
        return recipe;
    }

    private static PhaseSpec ReadFloatPhase(SpecSection section)
    {
        PhaseSpec phase = ReadPhase(section, leastEpochs: 1);
        if (phase.Optimizer is BopSpec)
        {
            section.Issue("optimizer", "bop flips signs, found real weights, allowed kind: sgd, adam, shift_adamax");
        }

        return phase;
    }

    private static PhaseSpec ReadPhase(SpecSection section, int leastEpochs)
    {
        int epochs = section.RequiredInt("epochs", leastEpochs, 10_000);
        SpecSection schedule = section.Section("schedule");
        PhaseSpec phase = new() { Epochs = epochs, Optimizer = ReadOptimizer(section.Section("optimizer")), Schedule = ReadSchedule(schedule) };
        if (epochs > 0 && phase.Schedule.WarmupEpochs > epochs)
        {
            schedule.Issue("warmup_epochs", FormattableString.Invariant($"the rate rises to the end and beyond, found {phase.Schedule.WarmupEpochs} of {epochs} epochs, allowed 0..{epochs}"));
        }

        return phase;
    }

    private static QuantizedPhaseSpec ReadQuantizedPhase(SpecSection section, BatchNormKind batchNorm)
    {
        PhaseSpec phase = ReadPhase(section, leastEpochs: 0);
        QuantizerSpec weights = ReadWeights(section.Section("weights"), batchNorm, null);
        QuantizerSpec output = ReadOutput(section.Section("output"));
        QuantizedPhaseSpec quantized = new()
        {
            Epochs = phase.Epochs,
            Optimizer = phase.Optimizer,
            Schedule = phase.Schedule,
            WarmStart = section.RequiredBool("warm_start"),
            WeightTransition = section.OptionalSection("weight_transition") is SpecSection transition ? TransitionSpecReader.Read(transition, phase.Epochs) : null,
            CalibrationImages = section.Optional("calibration_images")?.AsInt(1, MostCalibrationImages),
            NormImages = section.Optional("norm_images")?.AsInt(LeastNormImages, MostNormImages),
            NormFreezeEpoch = section.Optional("norm_freeze_epoch")?.AsDouble(0, Math.Max(phase.Epochs, 1)),
            PostTraining = section.OptionalSection("post_training") is SpecSection post ? PostTrainingSpecReader.Read(post) : null,
            WeightStart = section.OptionalSection("weight_start") is SpecSection weightStart ? LossSpecReader.Start(weightStart, phase.Epochs) : null,
            ActivationStart = section.OptionalSection("activation_start") is SpecSection activationStart ? LossSpecReader.Start(activationStart, phase.Epochs) : null,
            Distillation = section.OptionalSection("distillation") is SpecSection teacher ? LossSpecReader.Distillation(teacher) : null,
            AuxiliaryWeight = section.Optional("auxiliary_weight")?.AsDouble(SpecValue.AboveZero, 100),
            WeightPull = section.OptionalSection("weight_pull") is SpecSection pull ? LossSpecReader.Pull(pull) : null,
            Accumulator = section.OptionalSection("accumulator") is SpecSection accumulator ? LossSpecReader.Accumulator(accumulator) : null,
            BitAllocation = section.OptionalSection("bit_allocation") is SpecSection bits ? BitAllocationSpecReader.Read(bits) : null,
            LayerBits = section.OptionalSection("layer_bits") is SpecSection layers ? ReadLayerBits(layers) : null,
            MultiplierWidth = section.RequiredInt("multiplier_width", 1, 32),
            Weights = weights,
            FirstLayerWeights = ReadWeights(section.SectionOrEmpty("first_layer_weights"), batchNorm, weights),
            LastLayerWeights = ReadWeights(section.SectionOrEmpty("last_layer_weights"), batchNorm, weights),
            LayerWeights = section.OptionalSection("layer_weights") is SpecSection layerWeights ? ReadLayerWeights(layerWeights, batchNorm, weights) : null,
            Activations = ReadActivations(section.Section("activations"), batchNorm),
            Output = output,
            SignPadding = section.Optional("sign_padding")?.AsEnum<SignPadding>(),
            Sums = section.OptionalSection("sums") is SpecSection sums ? ReadSums(sums, output) : null,
        };
        PhaseRules.Check(quantized, batchNorm, section);
        return quantized;
    }

    private static ImmutableSortedDictionary<string, LayerBits> ReadLayerBits(SpecSection layers) => layers.Keys.Select(name =>
    {
        SpecSection layer = layers.Section(name);
        int? weights = layer.Optional("weights")?.AsInt(LayerBits.LeastWeights, LayerBits.Most);
        return KeyValuePair.Create(name, new LayerBits(weights, layer.Optional("activations")?.AsInt(LayerBits.LeastActivations, LayerBits.Most)));
    }).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, QuantizerSpec> ReadLayerWeights(SpecSection layers, BatchNormKind batchNorm, QuantizerSpec others) =>
        layers.Keys.ToImmutableSortedDictionary(name => name, name => ReadWeights(layers.Section(name), batchNorm, others), StringComparer.Ordinal);

    private static QuantizerSpec ReadWeights(SpecSection section, BatchNormKind batchNorm, QuantizerSpec? others)
    {
        QuantizerSpec weights = others is null ? QuantizerSpecReader.Read(section) : QuantizerSpecReader.Read(section, others);
        if (section.Keys.Any())
        {
            QuantizerRules.CheckWeights(weights, batchNorm, section);
        }
        return weights;
    }

    private static QuantizerSpec ReadActivations(SpecSection section, BatchNormKind batchNorm)
    {
        QuantizerSpec activations = QuantizerSpecReader.Read(section);
        QuantizerRules.CheckActivations(activations, batchNorm, section);
        return activations;
    }

    private static QuantizerSpec ReadOutput(SpecSection section)
    {
        QuantizerSpec output = QuantizerSpecReader.Read(section);
        QuantizerRules.CheckOutput(output, section);
        return output;
    }

    private static QuantizerSpec ReadSums(SpecSection section, QuantizerSpec output)
    {
        QuantizerSpec sums = QuantizerSpecReader.Read(section, output);
        QuantizerRules.CheckSums(sums, section);
        return sums;
    }

    private static OptimizerSpec ReadOptimizer(SpecSection section)
    {
        double learningRate = section.RequiredDouble("learning_rate", SpecValue.AboveZero, 100);
        double weightDecay = section.RequiredDouble("weight_decay", 0, 1);
        return section.Required("kind").AsChoice([AdamSpec.Kind, SgdSpec.Kind, BopSpec.Kind, ShiftAdaMaxSpec.Kind]) switch
        {
            BopSpec.Kind => new BopSpec
            {
                LearningRate = learningRate,
                WeightDecay = weightDecay,
                Adaptivity = section.RequiredDouble("adaptivity", SpecValue.AboveZero, 1),
                Threshold = section.RequiredDouble("threshold", 0, 1),
            },
            ShiftAdaMaxSpec.Kind => new ShiftAdaMaxSpec
            {
                LearningRate = learningRate,
                WeightDecay = weightDecay,
                Beta1 = section.OptionalDouble("beta1", 0.9, 0, 0.9999),
                Beta2 = section.OptionalDouble("beta2", 0.999, 0, 0.999999),
                Epsilon = section.OptionalDouble("epsilon", Math.ScaleB(1, -27), SpecValue.AboveZero, 1),
                Reading = ReadStored(section),
            },
            SgdSpec.Kind => new SgdSpec
            {
                LearningRate = learningRate,
                WeightDecay = weightDecay,
                Momentum = section.RequiredDouble("momentum", 0, 0.9999),
            },
            _ => new AdamSpec
            {
                LearningRate = learningRate,
                WeightDecay = weightDecay,
                Beta1 = section.OptionalDouble("beta1", 0.9, 0, 0.9999),
                Beta2 = section.OptionalDouble("beta2", 0.999, 0, 0.999999),
                Epsilon = section.OptionalDouble("epsilon", 1e-8, SpecValue.AboveZero, 1),
            },
        };
    }

    private static ScheduleSpec ReadSchedule(SpecSection section)
    {
        double warmup = section.OptionalDouble("warmup_epochs", 0, 0, 1000);
        return section.Required("kind").AsChoice([ConstantScheduleSpec.Kind, StepScheduleSpec.Kind, CosineScheduleSpec.Kind]) switch
        {
            ConstantScheduleSpec.Kind => new ConstantScheduleSpec { WarmupEpochs = warmup },
            StepScheduleSpec.Kind => ReadSteps(section, warmup),
            _ => new CosineScheduleSpec
            {
                WarmupEpochs = warmup,
                FinalFactor = section.OptionalDouble("final_factor", 0, 0, 1),
            },
        };
    }

    private static StepScheduleSpec ReadSteps(SpecSection section, double warmup)
    {
        ImmutableArray<int> milestones = [.. section.RequiredInts("milestones", 1, 10_000)];
        if (milestones.Zip(milestones.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            section.Issue("milestones", $"not epochs one after the other, found {string.Join(", ", milestones)}, allowed ascending numbers");
        }

        return new StepScheduleSpec { WarmupEpochs = warmup, Milestones = milestones, Factor = section.RequiredDouble("factor", SpecValue.AboveZero, 1) };
    }

    private static Reading ReadStored(SpecSection section)
    {
        Reading reading = section.OptionalEnum("reading", Reading.Paper);
        ReadingRules.Check(section, reading, "", Reading.Paper, Reading.Code);
        return reading;
    }
}
