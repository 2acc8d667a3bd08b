// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Cli;

/// <summary>The small experiment and its images, not run.</summary>
public sealed class ImportedImages : IDisposable
{
    /// <summary>Where it is.</summary>
    internal Workspace Place { get; } = Workspace.WithData();

    /// <inheritdoc/>
    public void Dispose() => Place.Dispose();
}

/// <summary>The small experiment run once, for every test that looks at its results: folder <c>run</c> of <see cref="Place"/>.</summary>
public sealed class TrainedRun : IDisposable
{
    /// <summary>Runs it.</summary>
    public TrainedRun()
    {
        Place = Workspace.WithData();
        Result = Codesign.Run(Place, "run", "experiment.yaml", "--out", "run", "--json").Succeeded();
    }

    /// <summary>Where it is.</summary>
    internal Workspace Place { get; }

    /// <summary>What the command said.</summary>
    internal CommandResult Result { get; }

    /// <inheritdoc/>
    public void Dispose() => Place.Dispose();
}

/// <summary>Tests that share <see cref="TrainedRun"/>.</summary>
[CollectionDefinition(Name)]
public sealed class TrainedRunTests : ICollectionFixture<TrainedRun>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "trained run";
}
