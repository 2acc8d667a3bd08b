// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using Xunit;

namespace EndToEnd.House;

/// <summary>Dependencies point one way: in the project files, in the compiled assemblies, and in planted cases that do not.</summary>
public sealed class ProjectGraphTests
{
    private static readonly ImmutableDictionary<string, string> FolderOfAssembly = new Dictionary<string, string>
    {
        ["AccelModel"] = "accel-model/AccelModel.csproj",
        ["NnTrain"] = "nn-train/NnTrain.csproj",
        ["RtlExport"] = "rtl-export/RtlExport.csproj",
        ["Fuzzing"] = "fuzzing/Fuzzing.csproj",
        ["Reports"] = "reports/Reports.csproj",
        ["codesign"] = "cli/Cli.csproj",
        ["TorchSystem"] = "nn-train/torch-system/TorchSystem.csproj",
    }.ToImmutableDictionary();

    private static IEnumerable<Project> Projects => Repository.TextFiles.Where(file => file.Extension == ".csproj").Select(Project.Parse);

    [Fact]
    public void Project_references_point_the_right_way() => Nothing.In(ProjectGraph.Wrong(Projects));

    [Fact]
    public void Every_project_of_the_graph_is_there() => Nothing.In(ProjectGraph.Allowed.Keys.Except(Projects.Select(project => project.Path)));

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Nothing.In(ProjectGraph.NotInSolution(Projects, Repository.TextFiles.Single(file => file.Path == "CoDesign.sln").Text));

    [Theory]
    [InlineData("AccelModel")]
    [InlineData("NnTrain")]
    [InlineData("RtlExport")]
    [InlineData("Fuzzing")]
    [InlineData("Reports")]
    [InlineData("codesign")]
    public void Compiled_references_point_the_right_way(string name)
    {
        string project = FolderOfAssembly[name];
        string[] ours = [.. Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Where(FolderOfAssembly.ContainsKey).Select(reference => FolderOfAssembly[reference])];
        // The command may name types of whatever its own references bring.
        string[] allowed = name == "codesign" ? [.. FolderOfAssembly.Values] : [.. ProjectGraph.Allowed[project]];
        Nothing.In(ours.Except(allowed).Select(reference => $"{name}: compiled against {reference}"));
    }

    [Fact]
    public void Torch_is_compiled_into_training_and_the_command_only()
    {
        foreach (string name in new[] { "AccelModel", "RtlExport", "Fuzzing", "Reports" })
        {
            Assert.DoesNotContain(Load(name).GetReferencedAssemblies(), reference => reference.Name is "TorchSharp" or "TorchSystem");
        }
    }

    [Fact]
    public void A_reference_from_the_model_to_training_is_found() =>
        Assert.Equal(
            ["accel-model/AccelModel.csproj: may not reference nn-train/NnTrain.csproj"],
            ProjectGraph.Wrong([Parse("accel-model/AccelModel.csproj", """<ProjectReference Include="../nn-train/NnTrain.csproj" />""")]));

    [Fact]
    public void A_reference_under_a_condition_and_with_backslashes_is_found() =>
        Assert.Equal(
            ["reports/Reports.csproj: may not reference rtl-export/RtlExport.csproj"],
            ProjectGraph.Wrong([Parse("reports/Reports.csproj", """<ProjectReference Condition="false" Include="..\accel-model\..\rtl-export\RtlExport.csproj" />""")]));

    [Fact]
    public void A_reference_to_a_test_is_found() =>
        Assert.Single(ProjectGraph.Wrong([Parse("cli/Cli.csproj", """<ProjectReference Include="../tests/EndToEnd/EndToEnd.csproj" />""")]));

    [Fact]
    public void A_package_of_another_project_is_found() =>
        Assert.Equal(
            ["cli/Cli.csproj: may not reference package TorchSharp-cpu, which is for nn-train/NnTrain.csproj alone"],
            ProjectGraph.Wrong([Parse("cli/Cli.csproj", """<PackageReference Include="TorchSharp-cpu" /><PackageReference Include="Serilog" />""")]));

    [Fact]
    public void A_new_project_has_to_be_given_its_place() =>
        Assert.Equal(["tools/Tools.csproj: a project whose place in the graph is not decided"], ProjectGraph.Wrong([Parse("tools/Tools.csproj", "")]));

    [Fact]
    public void A_project_that_the_solution_lacks_is_found() =>
        Assert.Equal(
            ["cli/Cli.csproj: not in the solution"],
            ProjectGraph.NotInSolution([Parse("cli/Cli.csproj", ""), Parse("reports/Reports.csproj", "")], @"= ""Reports"", ""reports\Reports.csproj"", "));

    private static Project Parse(string path, string items) => Project.Parse(new(path, $"<Project><ItemGroup>{items}</ItemGroup></Project>"));

    private static Assembly Load(string name) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
