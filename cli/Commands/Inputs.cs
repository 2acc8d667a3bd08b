// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Networks;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary>Loads what commands name on the command line, with every finding placed in its file.</summary>
public static class Inputs
{
    /// <summary>An integer network and a design.</summary>
    /// <param name="networkDirectory">A folder, or where there is none the name of a network, which then gets random weights in formats that the design runs.</param>
    /// <param name="acceleratorFile">The design's file.</param>
    /// <exception cref="SpecException">Anything is wrong in either.</exception>
    public static (IntegerNetwork Network, AcceleratorSpec Accelerator) Load(string networkDirectory, string acceleratorFile)
    {
        var issues = new SpecIssues();
        bool isName = IsName(networkDirectory);
        IntegerNetwork? network = isName ? null : LoadFolder(networkDirectory, issues);
        AcceleratorSpec? accelerator = AcceleratorFile.Load(acceleratorFile, issues);
        issues.ThrowIfAny();
        network ??= GeneratorOptions.Generate(NetworkCatalogue.Load(networkDirectory), accelerator!);
        return (network, accelerator!);
    }

    /// <summary>A design.</summary>
    /// <exception cref="SpecException">Anything is wrong with it.</exception>
    public static AcceleratorSpec LoadAccelerator(string file)
    {
        var issues = new SpecIssues();
        AcceleratorSpec? accelerator = AcceleratorFile.Load(file, issues);
        issues.ThrowIfAny();
        return accelerator!;
    }

    /// <summary>The schedule of a network on a design: searched, or replayed from a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="networkDirectory">Its folder or name.</param>
    /// <param name="accelerator">The design.</param>
    /// <param name="acceleratorFile">Its file.</param>
    /// <param name="scheduleFile">The file to replay, if any.</param>
    /// <param name="objective">What a search is to minimise.</param>
    /// <param name="firstLayer">Which of the folder's layers is the network's first one.</param>
    /// <exception cref="SpecException">The design cannot run the network: findings stand at the network's or the design's keys.</exception>
    public static Schedule Schedule(
        IntegerNetwork network, string networkDirectory, AcceleratorSpec accelerator, string acceleratorFile, string? scheduleFile = null,
        ScheduleObjective objective = ScheduleObjective.Latency, int firstLayer = 0)
    {
        var issues = new SpecIssues();
        bool isName = IsName(networkDirectory);
        string file = isName ? NetworkCatalogue.FileOf(networkDirectory) : Path.Combine(networkDirectory, NetworkFile.JsonName);
        Schedule? schedule = FitRules.Check(
            network, isName ? null : YamlFile.Load(file, new()), file, accelerator, YamlFile.LoadWithBase(acceleratorFile, new())!, issues, objective, firstLayer);
        issues.ThrowIfAny();
        if (scheduleFile is not null)
        {
            schedule = ScheduleFile.Load(scheduleFile, network, accelerator, issues);
            issues.ThrowIfAny();
        }

        return schedule!;
    }

    /// <summary>The network of a folder; of a path that is nowhere, a finding that also says what name may be meant.</summary>
    private static IntegerNetwork? LoadFolder(string path, SpecIssues issues)
    {
        if (Directory.Exists(path) || File.Exists(path))
        {
            return NetworkFile.Load(path, issues);
        }

        string suggestion = NearestName.Suggestion(path, NetworkCatalogue.Names);
        issues.Add(SpecPosition.StartOf(path), "", $"cannot be read, found no such folder{suggestion}, allowed the folder of an integer network or {string.Join(", ", NetworkCatalogue.Names)}");
        return null;
    }

    /// <summary>Checks that a folder is a bundle's.</summary>
    /// <exception cref="CommandException">It has no manifest.</exception>
    public static void RequireBundle(string directory)
    {
        if (!File.Exists(Path.Combine(directory, RtlBundle.ManifestName)))
        {
            throw new CommandException(ExitCode.BadInput, $"{directory}: not an RTL bundle, found no {RtlBundle.ManifestName}, allowed the folder RUN/rtl that run or export wrote");
        }
    }

    private static bool IsName(string network) => !Directory.Exists(network) && NetworkCatalogue.Has(network);
}
