// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>Whether a bundle's files are those that were written.</summary>
public static class BundleCheck
{
    private static readonly string[] StampedFiles = ["params.json", "accel_pkg.sv", "accel_params.vh"];

    /// <summary>Files that are named where many are missing or edited.</summary>
    private const int NamedProblems = 8;

    /// <summary>The modules that were edited, which may be run and measured as they are now.</summary>
    /// <param name="manifest">The bundle.</param>
    /// <param name="matters">The files that are looked at; all if it is not given.</param>
    /// <exception cref="BundleException">Something else was edited, is missing or belongs to another configuration.</exception>
    public static ImmutableArray<string> EditedModules(BundleManifest manifest, Func<string, bool>? matters = null)
    {
        (ImmutableArray<string> missing, ImmutableArray<string> edited) = manifest.Check(matters);
        ImmutableArray<string> refused = [.. edited.Where(name => !IsModule(name))];
        string[] stamped = [.. StampedFiles.Where(name => manifest.Has(name) && matters?.Invoke(name) != false && !missing.Contains(name))];
        string[] foreign = [.. stamped.Where(name => !manifest.IsOf(name))];

        // Where all of them differ, it is the manifest that came from elsewhere; one alone is an edited file.
        if (foreign.Length > 0 && (foreign.Length == stamped.Length || missing.Length + refused.Length == 0))
        {
            throw new BundleException($"{manifest.Directory}: {RtlBundle.ManifestName} and {string.Join(", ", foreign)} are of different configurations", [RtlBundle.ManifestName, .. foreign]);
        }

        if (missing.Length + refused.Length == 0)
        {
            return edited;
        }

        string[] problems =
        [
            .. missing.Select(name => name + " is missing"),
            .. refused.Select(name => name + (manifest.ForeignConfiguration(name) is string other ? $" is of configuration {other}, the bundle of {manifest.ConfigurationSha256}" : " was edited")),
        ];
        string more = problems.Length > NamedProblems ? string.Create(CultureInfo.InvariantCulture, $"; and {problems.Length - NamedProblems} more") : "";
        throw new BundleException($"{manifest.Directory}: {string.Join("; ", problems.Take(NamedProblems))}{more}", [.. missing, .. refused]);
    }

    /// <summary>Whether a file of a bundle is a module of the accelerator or of what puts it on a system bus.</summary>
    public static bool IsModule(string name) =>
        RtlSources.Modules.Contains(name) || (name.StartsWith(RtlBundle.BusFolder, StringComparison.Ordinal) && RtlSources.BusModules.Contains(name[RtlBundle.BusFolder.Length..]));
}
