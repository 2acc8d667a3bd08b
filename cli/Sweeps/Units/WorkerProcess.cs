// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cli.CommandLine;
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>
/// A process of this program that does pieces of work, one after the other. What takes too long or too much memory, and what crashes, ends the process and nothing else.
/// </summary>
/// <param name="arguments">Arguments of the program.</param>
/// <param name="limits">What a piece of work may take.</param>
/// <param name="log">Remarks of the worker.</param>
internal sealed class WorkerProcess(IReadOnlyList<string> arguments, PointLimits limits, TextWriter log) : IDisposable
{
    private const int WatchMilliseconds = 10;
    private const int SignalExit = 128;
    private const int PageBytes = 4096;

    private Process? _process;
    private Task<string?>? _line;
    private string _firstError = "";

    /// <summary>Does a piece of work.</summary>
    public WorkReply Do(WorkItem item, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            Process process = _process ?? Start(cancellation);
            Ask(process, new(item.Kind, item.Point.Id, item.Point.Coordinates, item.Epochs, item.Key));
            return Await(process, item.Kind, progress, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    private Process Start(CancellationToken cancellation)
    {
        Process process = OwnCommand.Start(arguments);
        (_process, _firstError, _line) = (process, "", null);
        process.ErrorDataReceived += (_, line) => _firstError = _firstError.Length == 0 ? line.Data?.Trim() ?? "" : _firstError;
        process.BeginErrorReadLine();
        if (Next(process, Timeout.Infinite, cancellation) is { Ready: true })
        {
            return process;
        }

        process.WaitForExit();
        string reason = _firstError.StartsWith("error: ", StringComparison.Ordinal) ? _firstError["error: ".Length..] : $"a worker process could not be started: {_firstError}";
        int code = process.ExitCode is ExitCode.BadInput or ExitCode.Missing ? process.ExitCode : ExitCode.CheckFailed;
        Dispose();
        throw new CommandException(code, reason);
    }

    private static void Ask(Process process, WorkerRequest request)
    {
        try
        {
            process.StandardInput.WriteLine(WorkerLine.Of(request));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It crashed while it had nothing to do: its output has come to its end, too, which is where that is told.
        }
    }

    private WorkReply Await(Process process, WorkKind kind, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        long? begun = null;
        while (true)
        {
            if (!Wait(process, limits == PointLimits.None ? Timeout.Infinite : WatchMilliseconds, cancellation))
            {
                bool slow = IsSlow(kind, begun);
                if (slow || Resident(process) > limits.MemoryBytes)
                {
                    Dispose();
                    return new(null, slow ? limits.TimeExceeded(kind) : limits.MemoryExceeded);
                }

                continue;
            }

            switch (Next(process, Timeout.Infinite, cancellation))
            {
                case null:
                    process.WaitForExit();
                    return new(null, End(process));
                case { Begun: true }:
                    begun = Stopwatch.GetTimestamp();
                    break;
                case { Progress: TrainingProgress now }:
                    progress?.Report(now);
                    break;
                case { Log: string text }:
                    log.WriteLine(text);
                    break;
                case { Error: string error }:
                    throw new CommandException(ExitCode.BadInput, error);
                case { DiskError: string error }:
                    throw new IOException(error);
                case { Reply: WorkReply reply }:
                    return reply.Failure is null && kind == WorkKind.Point && Exceeded(process, begun) is string exceeded ? new(null, exceeded) : reply;
                default:
                    break;
            }
        }
    }

    private bool IsSlow(WorkKind kind, long? begun) => begun is long start && limits.TimeOf(kind) is TimeSpan most && Stopwatch.GetElapsedTime(start) > most;

    /// <summary>A point that was quick between two looks is held to its limits all the same; a training that is finished is kept.</summary>
    private string? Exceeded(Process process, long? begun)
    {
        if (limits.MemoryBytes is long bytes && Peak(process) > bytes)
        {
            // The peak is of the process: the next point gets another one.
            Dispose();
            return limits.MemoryExceeded;
        }

        return IsSlow(WorkKind.Point, begun) ? limits.TimeExceeded(WorkKind.Point) : null;
    }

    /// <summary>Whether a line is there, or the end of all lines.</summary>
    private bool Wait(Process process, int milliseconds, CancellationToken cancellation)
    {
        _line ??= process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask();
        return _line.Wait(milliseconds, cancellation);
    }

    /// <summary>The next message; null at the end.</summary>
    private WorkerMessage? Next(Process process, int milliseconds, CancellationToken cancellation)
    {
        Wait(process, milliseconds, cancellation);
        string? line = _line!.Result;
        _line = null;
        try
        {
            return line is null ? null : WorkerLine.Read<WorkerMessage>(line);
        }
        catch (JsonException)
        {
            // A native library that prints something.
            return new() { Log = line };
        }
    }

    /// <summary>How a process that ended on its own did so.</summary>
    private string End(Process process)
    {
        process.WaitForExit();
        int code = process.ExitCode;
        string how = code > SignalExit
            ? string.Create(CultureInfo.InvariantCulture, $"crashed (signal {code - SignalExit}{(code == SignalExit + 9 ? ": killed, perhaps for want of memory" : "")})")
            : string.Create(CultureInfo.InvariantCulture, $"crashed (exit code {code})");
        string said = _firstError.Length == 0 ? "" : $": {_firstError}";
        Dispose();
        return how + said;
    }

    /// <summary>Bytes of memory that the process has now.</summary>
    private static long Resident(Process process)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{process.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * PageBytes;
        }
        catch (Exception exception) when (exception is IOException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>Bytes of memory that it has had at most.</summary>
    private static long Peak(Process process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
