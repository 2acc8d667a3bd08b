// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Methods;
using NnTrain.Lowering;
using Xunit;

namespace EndToEnd.Methods;

/// <summary>Experiments of methods: what can be known before training is known.</summary>
public sealed class MethodExperimentTests
{
    public static TheoryData<string> Methods => [.. MethodCatalogue.Load().Where(method => method.Status == MethodStatus.Runs).Select(method => method.Id)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_design_of_a_method_holds_the_network_that_its_recipe_ends_in(string id)
    {
        SpecIssues issues = [];

        ExperimentSpec? experiment = ExperimentFile.Load(MethodCatalogue.ExperimentOf(id), [], issues);

        Assert.Empty(issues);
        Assert.Empty(HardwareFit.Check(NetworkOutline.Of(experiment!.Trained!.Network, experiment.Trained.Training, experiment.Accelerator.Requantizer.Rounding)!, experiment.Accelerator));
    }
}
