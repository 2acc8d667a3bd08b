// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Xml.Linq;

namespace EndToEnd.House;

/// <summary>One project file: its path from the root, the projects and the packages that it references under any condition.</summary>
internal sealed record Project(string Path, ImmutableArray<string> Projects, ImmutableArray<string> Packages)
{
    /// <summary>Reads a project file; references are resolved against its folder.</summary>
    public static Project Parse(SourceFile file)
    {
        XDocument document = XDocument.Parse(file.Text);
        string[] Included(string element) => [.. document.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>()];
        return new(file.Path, [.. Included("ProjectReference").Select(include => Resolve(file.Path, include))], [.. Included("PackageReference")]);
    }

    private static string Resolve(string project, string include)
    {
        var parts = new Stack<string>();
        string folder = System.IO.Path.GetDirectoryName(project) ?? "";
        foreach (string part in $"{folder}/{include.Replace('\\', '/')}".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.Pop();
            }
            else if (part != ".")
            {
                parts.Push(part);
            }
        }

        return string.Join('/', parts.Reverse());
    }
}

/// <summary>The direction of dependencies between the folders of the repository.</summary>
internal static class ProjectGraph
{
    private const string AccelModel = "accel-model/AccelModel.csproj";
    private const string NnTrain = "nn-train/NnTrain.csproj";
    private const string TorchSystem = "nn-train/torch-system/TorchSystem.csproj";
    private const string RtlExport = "rtl-export/RtlExport.csproj";
    private const string Fuzzing = "fuzzing/Fuzzing.csproj";
    private const string Reports = "reports/Reports.csproj";
    private const string Cli = "cli/Cli.csproj";

    /// <summary>Project -> what it may reference. A test project may reference what it tests, which brings the rest; no project may reference a test.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Allowed { get; } = new Dictionary<string, ImmutableArray<string>>
    {
        [AccelModel] = [],
        [TorchSystem] = [],
        [NnTrain] = [AccelModel, TorchSystem],
        [RtlExport] = [AccelModel],
        [Fuzzing] = [AccelModel],
        [Reports] = [AccelModel],
        [Cli] = [AccelModel, NnTrain, RtlExport, Fuzzing, Reports],
        ["tests/AccelModel.Tests/AccelModel.Tests.csproj"] = [AccelModel, Fuzzing],
        ["tests/NnTrain.Tests/NnTrain.Tests.csproj"] = [NnTrain],
        ["tests/RtlExport.Tests/RtlExport.Tests.csproj"] = [RtlExport, Fuzzing],
        ["tests/Reports.Tests/Reports.Tests.csproj"] = [Reports],
        ["tests/EndToEnd/EndToEnd.csproj"] = [Cli],
        ["tests/Benchmarks/Benchmarks.csproj"] = [AccelModel, Cli],
        ["tests/Fuzz/Fuzz.csproj"] = ["tests/AccelModel.Tests/AccelModel.Tests.csproj"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Package -> the only project that may reference it: the others reach it through that project's own types.</summary>
    public static ImmutableSortedDictionary<string, string> Owners { get; } = new Dictionary<string, string>
    {
        ["TorchSharp"] = NnTrain,
        ["TorchSharp-cpu"] = NnTrain,
        ["ScottPlot"] = Reports,
        ["YamlDotNet"] = AccelModel,
        ["System.CommandLine"] = Cli,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>References that point the wrong way, and projects of which nothing is known.</summary>
    public static IEnumerable<string> Wrong(IEnumerable<Project> projects)
    {
        foreach (Project project in projects)
        {
            if (!Allowed.TryGetValue(project.Path, out ImmutableArray<string> allowed))
            {
                yield return $"{project.Path}: a project whose place in the graph is not decided";
                continue;
            }

            foreach (string reference in project.Projects.Except(allowed))
            {
                yield return $"{project.Path}: may not reference {reference}";
            }

            foreach (string package in project.Packages.Where(package => Owners.TryGetValue(package, out string? owner) && owner != project.Path))
            {
                yield return $"{project.Path}: may not reference package {package}, which is for {Owners[package]} alone";
            }
        }
    }

    /// <summary>Projects that the solution does not build.</summary>
    public static IEnumerable<string> NotInSolution(IEnumerable<Project> projects, string solution) =>
        projects.Where(project => !solution.Replace('\\', '/').Contains($"\"{project.Path}\"", StringComparison.Ordinal)).Select(project => $"{project.Path}: not in the solution");
}
