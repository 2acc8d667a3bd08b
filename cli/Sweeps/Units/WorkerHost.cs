// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using Cli.CommandLine;
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>The other end of <see cref="WorkerProcess"/>: reads requests from standard input and answers on standard output, until its input ends or whoever asks is no more.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="folder">Its folder.</param>
/// <param name="images">The images of a data set, by its name.</param>
/// <param name="threads">Threads of a point.</param>
internal sealed class WorkerHost(SweepSpec sweep, SweepFolder folder, Func<string, ImageSets> images, int threads)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter _output = TextWriter.Synchronized(Console.Out);

    /// <summary>Serves until the input ends.</summary>
    public void Serve()
    {
        var log = new LineWriter(text => Say(new() { Log = text }));
        var jobs = new ValueJobs(images);
        var worker = new LocalWorker(jobs, new TrainingCache(folder.Cache, log), PointLimits.None, sweep.Details, threads);
        var requests = new BlockingCollection<WorkerRequest>();
        new Thread(() => Listen(requests)) { IsBackground = true }.Start();
        Say(new() { Ready = true });
        foreach (WorkerRequest request in requests.GetConsumingEnumerable())
        {
            try
            {
                Say(new() { Reply = Do(request, jobs, worker) });
            }
            catch (CommandException exception)
            {
                Say(new() { Error = exception.Message });
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Say(new() { DiskError = exception.Message });
            }
        }
    }

    private WorkReply Do(WorkerRequest request, ValueJobs jobs, LocalWorker worker)
    {
        GridPoint point = SweepGrid.PointOf(sweep, request.Id, request.Coordinates.AsSpan());
        if (jobs.Of([point], request.Epochs) is not [ValueJob job] || job.Key != request.Key)
        {
            throw new CommandException(ExitCode.BadInput, $"{sweep.File}: it, or a file that it names, changed while the sweep ran; begin again with --resume");
        }

        var item = new WorkItem(request.Kind, point, request.Key, request.Epochs);
        worker.Load(item);
        Say(new() { Begun = true });
        long told = 0;
        return worker.Do(item, new CallbackProgress<TrainingProgress>(Tell), CancellationToken.None);

        // A line for every batch takes a twentieth of a processor from the trainings.
        void Tell(TrainingProgress now)
        {
            if (now.Batch == now.Batches || Stopwatch.GetElapsedTime(told) >= ProgressInterval)
            {
                told = Stopwatch.GetTimestamp();
                Say(new() { Progress = now });
            }
        }
    }

    private void Say(WorkerMessage message)
    {
        _output.WriteLine(WorkerLine.Of(message));
        _output.Flush();
    }

    /// <summary>Work for somebody who is no more is not finished: its finished epochs are kept.</summary>
    private static void Listen(BlockingCollection<WorkerRequest> requests)
    {
        while (Console.In.ReadLine() is string line)
        {
            requests.Add(WorkerLine.Read<WorkerRequest>(line));
        }

        // At once: a native library that is busy must not be asked to clean up.
        using var own = Process.GetCurrentProcess();
        own.Kill();
    }

    /// <summary>Lines as messages.</summary>
    private sealed class LineWriter(Action<string> say) : StringWriter
    {
        public override void WriteLine(string? value) => say(value ?? "");
    }
}
