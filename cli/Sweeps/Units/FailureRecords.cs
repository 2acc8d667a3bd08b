// SPDX-License-Identifier: Apache-2.0
namespace Cli.Sweeps.Units;

/// <summary>
/// Failures of the units of one submission to a cluster: what failed in one task is not tried again by the next, nor by the merge. A sweep on one machine keeps none, so that a resumed one
/// tries again what failed.
/// </summary>
/// <param name="directory">Their folder; null to keep none.</param>
/// <param name="log">Told about damaged files.</param>
public sealed class FailureRecords(string? directory, TextWriter log)
{
    private sealed record Failed(string Reason);

    /// <summary>Why something failed before; null where it did not.</summary>
    /// <param name="key">The key of a point or training.</param>
    public string? Find(string key) => directory is null ? null : ResultFile.Load<Failed>(PathOf(key), log)?.Reason;

    /// <summary>Keeps a failure.</summary>
    public void Add(string key, string reason)
    {
        if (directory is not null)
        {
            ResultFile.Save(PathOf(key), new Failed(reason));
        }
    }

    private string PathOf(string key) => Path.Combine(directory!, key + ".json");
}
