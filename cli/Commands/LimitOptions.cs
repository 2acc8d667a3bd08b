// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using AccelModel.Costs;
using Cli.CommandLine;

namespace Cli.Commands;

/// <summary>What a command may take at most; it is refused before it starts where an estimate says more.</summary>
public sealed class LimitOptions
{
    /// <summary>Seconds where no limit is given: an hour.</summary>
    public const long DefaultSeconds = 3600;

    private readonly Option<long?> _memory = NumberOption.Of(
        "--max-memory", "Refuse to start what would take more MiB than this; the memory of the machine if not given.", 1L, long.MaxValue, "MiB");

    private readonly Option<long?> _seconds = NumberOption.Of(
        "--max-seconds", $"Refuse to start what would take longer than this, by an estimate; {DefaultSeconds} if not given.", 1L, long.MaxValue, "SECONDS");

    /// <summary>The options.</summary>
    public Option[] All => [_memory, _seconds];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses what an estimate says is too much.</summary>
    /// <exception cref="CommandException">It is.</exception>
    public void Check(ParseResult parsed, SimulationEstimate estimate) => Check(estimate, parsed.GetValue(_memory), parsed.GetValue(_seconds));

    /// <summary>Refuses what an estimate says is too much; limits are the defaults where they are null.</summary>
    /// <exception cref="CommandException">It is.</exception>
    public static void Check(SimulationEstimate estimate, long? memoryMebibytes = null, long? seconds = null)
    {
        double memory = memoryMebibytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 20);
        long limit = seconds ?? DefaultSeconds;
        List<string> lines = [];
        if (estimate.Mebibytes > memory)
        {
            lines.Add(Text($"not started: would take about {estimate.Mebibytes:N0} MiB of memory, allowed {memory:N0} (--max-memory)"));
        }

        if (estimate.Seconds > limit)
        {
            lines.Add(Text($"not started: would take about {estimate.Seconds:N0} s for {estimate.Work:N0} {estimate.WorkUnit}, allowed {limit:N0} (--max-seconds)"));
        }

        if (lines.Count > 0)
        {
            throw new CommandException(ExitCode.BadInput, string.Join("\nerror: ", lines));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
