// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Cli.Methods;

/// <summary>Where a method belongs.</summary>
public enum MethodFamily
{
    /// <summary>A trained network is quantised, perhaps trained on a little.</summary>
    PostTraining,

    /// <summary>A tool or library.</summary>
    Tool,

    /// <summary>Training with quantised weights or activations of several bits, or ternary ones.</summary>
    QuantisationAware,

    /// <summary>Gradients, errors or updates have few bits, too.</summary>
    FixedPointTraining,

    /// <summary>Forms of batch normalisation and update rules.</summary>
    BatchNormAndOptimiser,

    /// <summary>Binary networks.</summary>
    Binary,

    /// <summary>Theory, studies, families of networks.</summary>
    TheoryAndModels,
}

/// <summary>What became of a method here.</summary>
public enum MethodStatus
{
    /// <summary>It has a recipe and an experiment of its name.</summary>
    Runs,

    /// <summary>Another method's recipe is what it does.</summary>
    PartOf,

    /// <summary>It has no recipe yet.</summary>
    Planned,

    /// <summary>There is nothing to train: theory, communication, a family of networks.</summary>
    NotApplicable,
}

/// <summary>A method by its name.</summary>
public sealed record Method
{
    /// <summary>Its name in commands and files.</summary>
    public required string Id { get; init; }

    /// <summary>Title of the paper, or name of the tool.</summary>
    public required string Title { get; init; }

    /// <summary>Year of the first publication.</summary>
    public required int Year { get; init; }

    /// <summary>Number of the paper at arxiv.org; null where it has none.</summary>
    public required string? Arxiv { get; init; }

    /// <summary>Where it was published, for a method without <see cref="Arxiv"/>.</summary>
    public required string? Reference { get; init; }

    /// <summary>Where it belongs.</summary>
    public required MethodFamily Family { get; init; }

    /// <summary>What it quantises: <c>W</c> weights, <c>A</c> activations, <c>G</c> gradients.</summary>
    public required ImmutableArray<string> Quantises { get; init; }

    /// <summary>How its integers are computed with: <see cref="HardwareClasses"/>; the first is the one it runs on here. Empty where it does not speak of hardware.</summary>
    public required ImmutableArray<string> HardwareClasses { get; init; }

    /// <summary>What became of it.</summary>
    public required MethodStatus Status { get; init; }

    /// <summary>The other method of <see cref="MethodStatus.PartOf"/>.</summary>
    public required string? PartOf { get; init; }

    /// <summary>Why it does not run.</summary>
    public required string? Reason { get; init; }

    /// <summary>Its formulas, one a line; none only where there is nothing to compute (a survey, a study).</summary>
    public required ImmutableArray<string> Formulas { get; init; }

    /// <summary>
    /// Whether the accelerator computes the very codes that the quantised network is evaluated with. Recipes are only those of which this holds; null where there is none.
    /// </summary>
    public bool? Exact => Status == MethodStatus.Runs ? true : null;
}
