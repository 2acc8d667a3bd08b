// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign methods</c>: the catalogue, and what it says of one method.</summary>
public sealed class MethodsTests : IDisposable
{
    /// <summary>All that the survey behind the catalogue names, in its order.</summary>
    private const string Ids = """
        deep-compression inq quantized-distillation differentiable-quantization aciq bit-goes-down lin-sqnr hessian-ecsq lb-ecsq energy-aware-pruning nisp tcp
        iterative-retrain dfq ocs resiliency ristretto moons qiu-fpga16 pytorch-playground-ptq nics-fix gemmlowp tflite-ptq tf-contrib-quantize toco
        pytorch-quant torch.nn.qat intrinsic.qat distiller larq qpytorch twn ttq truncated-gaussian-ternary wrpn jacob-int8 pact pact-sawb qil lq-nets hwgq
        dsq two-step-tsq alpha-blending effective-training aux-gradient encoding-decomposition apprentice ternary-mobilenets hawq hawq-v2 releq dorefa wage
        terngrad scalable-8bit dfp16 fp8-wang fp8-mellempudi hfp8 unified-int8 gupta courbariaux-dfxp qnn lin-talathi swalp fp16-mixed bn-fold shift-bn
        range-bn l1-bn shift-adamax binaryconnect bnn bwn xnor-net abc-net rebnet layer-priority kt-detector self-binarizing bop ls-binary widen-squeeze
        bi-real binarydensenet xnor-net++ meliusnet ir-net reactnet bwnh horq lab laq dbnn-distill cbcn bnn-plus mobinet vrr sakr-per-tensor
        deeper-understanding understanding-ste empirical-bnn analysis-quantized bnn-survey mobilenet shufflenet
        """;

    private readonly Workspace _place = Workspace.WithExperiment();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_method_has_a_status_and_each_that_runs_has_recipe_and_experiment()
    {
        JsonElement[] methods = [.. Codesign.Run(_place, "methods", "--json").Succeeded().Json.GetProperty("methods").EnumerateArray()];

        Assert.Equal(Ids.Split([' ', '\n']), methods.Select(method => method.GetProperty("id").GetString()));
        foreach (JsonElement method in methods)
        {
            string id = method.GetProperty("id").GetString()!;
            string status = method.GetProperty("status").GetString()!;
            Assert.Equal(status == "part_of", method.GetProperty("part_of").ValueKind == JsonValueKind.String);
            Assert.Equal(status == "runs", File.Exists(Repository.PathOf($"configs/experiments/methods/{id}.yaml")));
            Assert.Equal(status == "runs", File.Exists(Repository.PathOf($"configs/training/methods/{id}.yaml")));
            Assert.Equal(status != "runs", method.GetProperty("reason").ValueKind == JsonValueKind.String);
        }
    }

    [Fact]
    public void An_explanation_has_the_formulas_the_hardware_and_the_recipe()
    {
        string text = Codesign.Run(_place, "methods", "twn").Succeeded().Output;

        Assert.Contains("arXiv:1605.04711", text, StringComparison.Ordinal);
        Assert.Contains("D = 0.7 E|w|", text, StringComparison.Ordinal);
        Assert.Contains("H4   add and subtract activations", text, StringComparison.Ordinal);
        Assert.Contains("configs/training/methods/twn.yaml", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_method_s_recipe_does_says_how_it_belongs_to_it() =>
        Assert.Contains("part of jacob-int8: the conversion to integers", Codesign.Run(_place, "methods", "toco").Succeeded().Output, StringComparison.Ordinal);

    /// <summary>Surveys and studies have nothing to compute; everything else is explained by formulas and where it was published, whether it runs here or not.</summary>
    [Fact]
    public void Every_method_names_its_paper_and_all_but_studies_have_formulas()
    {
        JsonElement[] methods = [.. Codesign.Run(_place, "methods", "--json").Succeeded().Json.GetProperty("methods").EnumerateArray()];

        Assert.All(methods, method => Assert.True(
            method.GetProperty("arxiv").ValueKind == JsonValueKind.String != (method.GetProperty("reference").ValueKind == JsonValueKind.String), method.GetProperty("id").GetString()));
        Assert.Equal(
            ["empirical-bnn", "bnn-survey"],
            methods.Where(method => method.GetProperty("formulas").GetArrayLength() == 0).Select(method => method.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("wage", "arXiv:1802.04680", "s(k) = 2^(1-k)")]
    [InlineData("swalp", "arXiv:1904.11943", "forward:    configs/training/methods/forward/swalp.yaml")]
    [InlineData("hfp8", "2019; Sun et al., NeurIPS 2019", "W, A: 1, 4, 3")]
    [InlineData("gemmlowp", "github.com/google/gemmlowp", "recipe:     configs/training/methods/jacob-int8.yaml")]
    [InlineData("vrr", "arXiv:1901.06588", "b_a + b_w + ceil(log2 n)")]
    public void A_method_without_a_recipe_of_its_own_is_explained_too(string id, string reference, string line)
    {
        string text = Codesign.Run(_place, "methods", id).Succeeded().Output;

        Assert.Contains(reference, text, StringComparison.Ordinal);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_that_is_not_known_is_refused_before_anything_is_trained()
    {
        CommandResult result = Codesign.Run(_place, "methods", "run", "--ids", "twn", "--data", "nope").Ended(2);

        Assert.Contains("dataset: no such data set, found 'nope'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_another_data_set_nothing_else_about_any_method_is_refused()
    {
        CommandResult result = Codesign.Run(_place, "methods", "run", "--data", "nope").Ended(2);

        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("dataset: no such data set, found 'nope'", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Forward_recipes_are_of_methods_that_are_planned()
    {
        string[] planned = [.. Codesign.Run(_place, "methods", "--json").Succeeded().Json.GetProperty("methods").EnumerateArray()
            .Where(method => method.GetProperty("status").GetString() == "planned").Select(method => method.GetProperty("id").GetString()!)];

        Assert.All(Directory.EnumerateFiles(Repository.PathOf("configs/training/methods/forward")), file => Assert.Contains(Path.GetFileNameWithoutExtension(file), planned));
    }

    [Theory]
    [InlineData("twm", "did you mean 'twn'?")]
    [InlineData("wage", "planned: fixed-point training")]
    public void A_method_that_cannot_run_is_refused_by_name(string id, string why)
    {
        CommandResult result = Codesign.Run(_place, "methods", "run", "--ids", id).Ended(2);

        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }
}
