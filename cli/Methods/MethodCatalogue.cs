// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;

namespace Cli.Methods;

/// <summary>All methods by name: <c>configs/training/methods/catalogue.yaml</c>, and the experiments of those that run.</summary>
public static class MethodCatalogue
{
    /// <summary>The file.</summary>
    public static string File => Path.Combine(CommandContext.Repository, "configs", "training", "methods", "catalogue.yaml");

    /// <summary>The experiment of a method that runs.</summary>
    public static string ExperimentOf(string id) => Path.Combine(CommandContext.Repository, "configs", "experiments", "methods", id + ".yaml");

    /// <summary>The recipe of a method that runs.</summary>
    public static string RecipeOf(string id) => Path.Combine(CommandContext.Repository, "configs", "training", "methods", id + ".yaml");

    /// <summary>The recipe of the forward pass of a method that is planned; null where its formats are not integers of eight bits at most.</summary>
    public static string? ForwardRecipeOf(string id) =>
        Path.Combine(CommandContext.Repository, "configs", "training", "methods", "forward", id + ".yaml") is string recipe && System.IO.File.Exists(recipe) ? recipe : null;

    /// <summary>The methods in the file's order.</summary>
    /// <exception cref="SpecException">Findings in the file.</exception>
    public static ImmutableArray<Method> Load()
    {
        SpecIssues issues = [];
        ImmutableArray<Method> methods = Read(YamlFile.LoadWithBase(File, issues), issues);
        issues.ThrowIfAny();
        return methods;
    }

    /// <summary>The names of those that run, in their order.</summary>
    public static string[] Running(IEnumerable<Method> methods) => [.. methods.Where(method => method.Status == MethodStatus.Runs).Select(method => method.Id)];

    /// <summary>The methods of a tree; findings where it is not a catalogue.</summary>
    public static ImmutableArray<Method> Read(SpecNode? tree, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        IReadOnlyList<SpecSection> sections = root.RequiredSections("methods", 1, 1000);
        ImmutableArray<Method> methods = [.. sections.Select(Read)];
        for (int i = 0; i < methods.Length; i++)
        {
            Check(methods[i], sections[i], methods, i);
        }

        root.Finish();
        return methods;
    }

    private static Method Read(SpecSection section) => new()
    {
        Id = section.RequiredString("id"),
        Title = section.RequiredString("title"),
        Year = section.RequiredInt("year", 1980, 2100),
        Arxiv = section.OptionalString("arxiv"),
        Reference = section.OptionalString("reference"),
        Family = section.RequiredEnum<MethodFamily>("family"),
        Quantises = Choices(section, "quantises", ["W", "A", "G"]),
        HardwareClasses = Choices(section, "hardware_classes", [.. HardwareClasses.Sentences.Keys]),
        Status = section.RequiredEnum<MethodStatus>("status"),
        PartOf = section.OptionalString("part_of"),
        Reason = section.OptionalString("reason"),
        Formulas = [.. section.Optional("formulas")?.AsList(1, 20).Select(line => line.AsString()) ?? []],
    };

    private static ImmutableArray<string> Choices(SpecSection section, string key, string[] names) =>
        [.. section.Optional(key)?.AsList(1, names.Length).Select(name => name.AsChoice(names)) ?? []];

    private static void Check(Method method, SpecSection section, ImmutableArray<Method> methods, int index)
    {
        if (methods.Take(index).Any(other => other.Id == method.Id))
        {
            section.Issue("id", $"not unique, found '{method.Id}' again, allowed each method once");
        }

        if (method.Arxiv is null == method.Reference is null)
        {
            section.Issue("reference", $"found {(method.Reference is null ? "none without" : "one beside")} 'arxiv', allowed one of them");
        }

        if (method.Status != MethodStatus.NotApplicable && method.Formulas.IsEmpty)
        {
            section.Issue("formulas", $"found none for a method that is '{EnumNames.Of(method.Status)}', allowed none with 'not_applicable' only");
        }

        if (method.Status == MethodStatus.PartOf != methods.Any(other => other.Id == method.PartOf && other.Status == MethodStatus.Runs))
        {
            section.Issue("part_of", $"found '{method.PartOf}' for a method that is '{EnumNames.Of(method.Status)}', allowed the id of a method that runs, with 'part_of'");
        }

        if (method.Status == MethodStatus.Runs == method.Reason is not null)
        {
            section.Issue("reason", $"found {(method.Reason is null ? "none" : "one")} for a method that is '{EnumNames.Of(method.Status)}', allowed a reason for all that do not run");
        }
    }
}
