// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Reports.Tables;

namespace Cli.Methods;

/// <summary>How a paper's claim stands to what was measured.</summary>
public enum ClaimOutcome
{
    /// <summary>The measurement bears it out.</summary>
    Holds,

    /// <summary>The difference is too small to tell.</summary>
    TooClose,

    /// <summary>The measurement disagrees.</summary>
    Fails,

    /// <summary>A row is missing.</summary>
    NotMeasured,
}

/// <summary>What a paper says of its method, held against the rows of <c>docs/methods-results.csv</c>.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Method">The method that it is about.</param>
/// <param name="Than">The method that it is compared with; null for the float accuracy of its own row.</param>
/// <param name="By">The least difference of integer accuracies, a fraction of the images.</param>
/// <param name="Margin">What two accuracies may differ by without telling anything, a fraction of the images.</param>
/// <param name="Why">What is known of the reason where the claim fails; null for nothing.</param>
public sealed record MethodClaim(string Text, string Source, string Method, string? Than, double By, double Margin, string? Why)
{
    /// <summary>The figures in words, and the verdict. A claim of order needs the margin to hold; one that allows a loss (<see cref="By"/> below 0) holds without.</summary>
    /// <param name="rows">Results by method.</param>
    public (string Figures, ClaimOutcome Outcome) Judge(IReadOnlyDictionary<string, MethodResult> rows)
    {
        if (!rows.TryGetValue(Method, out MethodResult? own) || (Than is null ? own.FloatAccuracy : rows.GetValueOrDefault(Than)?.IntegerAccuracy) is not double other)
        {
            return ("", ClaimOutcome.NotMeasured);
        }

        // Accuracies are whole numbers of images over their number: what is left of a difference beyond 1e-9 is rounding.
        double beyond = Math.Round(own.IntegerAccuracy - other - By, 9);
        ClaimOutcome outcome = beyond >= Margin || (By < 0 && beyond >= 0) ? ClaimOutcome.Holds
            : beyond > -Margin ? ClaimOutcome.TooClose
            : ClaimOutcome.Fails;
        string figures = string.Create(
            CultureInfo.InvariantCulture, $"{NumberText.Percent(own.IntegerAccuracy)} against {(Than is null ? "float " : "")}{NumberText.Percent(other)}: {100 * (own.IntegerAccuracy - other):+0.00;-0.00;0.00} points");
        return (figures, outcome);
    }
}

/// <summary>The claims of <c>configs/method-claims.yaml</c>.</summary>
/// <param name="Margin">The margin of claims that do not say another.</param>
/// <param name="Claims">The claims, in the file's order.</param>
public sealed record MethodClaims(double Margin, ImmutableArray<MethodClaim> Claims)
{
    /// <summary>The file.</summary>
    public static string File => Path.Combine(CommandContext.Repository, "configs", "method-claims.yaml");

    /// <summary>The claims of the file, about methods that run.</summary>
    /// <exception cref="SpecException">Findings in the file.</exception>
    public static MethodClaims Load(ImmutableArray<Method> methods)
    {
        SpecIssues issues = [];
        MethodClaims claims = Read(YamlFile.LoadWithBase(File, issues), methods, issues);
        issues.ThrowIfAny();
        return claims;
    }

    /// <summary>The claims of a tree; findings where they are none, or not about methods that run.</summary>
    public static MethodClaims Read(SpecNode? tree, ImmutableArray<Method> methods, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        string[] running = MethodCatalogue.Running(methods);
        double margin = root.RequiredDouble("margin", 0, 1);
        ImmutableArray<MethodClaim> claims = [.. root.RequiredSections("claims", 1, 200).Select(section => new MethodClaim(
            section.RequiredString("claim"),
            section.RequiredString("source"),
            section.Required("method").AsChoice(running),
            section.Optional("than")?.AsChoice(running),
            section.OptionalDouble("by", 0, -1, 1),
            section.OptionalDouble("margin", margin, 0, 1),
            section.OptionalString("why")))];
        root.Finish();
        return new(margin, claims);
    }
}
