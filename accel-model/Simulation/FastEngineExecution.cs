// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>Runs a batch: images in chunks, chunks taken by threads as they come free, each result at its own place.</summary>
internal sealed unsafe class FastEngineExecution
{
    private const int ImagesOfChunk = 32;

    private readonly ExecutionOptions options;
    private readonly FastEngineLayer[] layers;
    private readonly int inputElements;
    private readonly FixedPointFormat inputFormat;
    private readonly int images;
    private readonly int chunk;
    private readonly int[][] outputs;
    private readonly Lock progress = new();
    private int nextImage;
    private int finishedImages;

    public FastEngineExecution(Schedule schedule, int images, ExecutionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        if (!InstructionSets.IsSupported(options.InstructionSet))
        {
            throw new ArgumentException($"this machine does not have the instruction set {options.InstructionSet}", nameof(options));
        }
        this.options = options;
        this.images = images;
        inputElements = schedule.Network.Input.Elements;
        inputFormat = schedule.Network.Input.Format;
        layers = Compile(schedule, options.InstructionSet);
        chunk = Math.Clamp((images + options.Threads - 1) / options.Threads, 1, ImagesOfChunk);
        outputs = [.. layers.Select((layer, i) => Keeps(i) ? new int[checked((long)images * layer.OutputElements)] : [])];
    }

    /// <exception cref="ArgumentException">The input has the wrong length, or a code outside its format.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ValueResult Run(ReadOnlyMemory<int> input)
    {
        Check(input.Span);
        int threads = Math.Max(1, Math.Min(options.Threads, (images + chunk - 1) / chunk));
        Worker[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(this))];
        Task[] others = [.. workers.Skip(1).Select(worker => Task.Factory.StartNew(() => worker.Run(input), TaskCreationOptions.LongRunning))];
        try
        {
            workers[0].Run(input);
        }
        finally
        {
            // A failure must not leave threads behind that still write to the results.
            Volatile.Write(ref nextImage, int.MaxValue / 2);
            Task.WhenAll(others).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
        foreach (Task other in others)
        {
            other.GetAwaiter().GetResult();
        }
        return new ValueResult
        {
            Images = images,
            Output = outputs[^1],
            Overflows = [.. layers.Select((_, i) => FastEngineTally.Merge(workers.Select(worker => worker.Tally(i))))],
            LayerOutputs = options.KeepLayerOutputs ? ImmutableArray.Create(outputs) : [],
        };
    }

    private static FastEngineLayer[] Compile(Schedule schedule, InstructionSet set)
    {
        List<MatrixLayer> matrices = MatrixLayer.Of(schedule.Network);
        FixedPointFormat format = schedule.Network.Input.Format;
        Interval codes = new(format.MinRaw, format.MaxRaw);
        FastEngineLayer[] layers = new FastEngineLayer[matrices.Count];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new FastEngineLayer(matrices[i], schedule.Layers[i].Plan!, codes, set);
            codes = layers[i].OutputRange;
        }
        return layers;
    }

    private bool Keeps(int layer) => options.KeepLayerOutputs || layer == layers.Length - 1;

    private void Check(ReadOnlySpan<int> input)
    {
        if (input.Length != (long)images * inputElements)
        {
            throw new ArgumentException($"{images} images of {inputElements} codes are {(long)images * inputElements} codes, not {input.Length}", nameof(input));
        }
        for (int i = 0; i < input.Length; i++)
        {
            if (!inputFormat.Contains(input[i]))
            {
                throw new ArgumentException($"code {input[i]} at index {i} is outside {inputFormat}", nameof(input));
            }
        }
    }

    private bool TryTake(out int first, out int count)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        first = Interlocked.Add(ref nextImage, chunk) - chunk;
        count = Math.Min(chunk, images - first);
        return count > 0;
    }

    private void Finished(int count)
    {
        if (options.Progress is { } listener)
        {
            lock (progress)
            {
                finishedImages += count;
                listener.Report(finishedImages);
            }
        }
    }

    private sealed class Worker
    {
        private readonly FastEngineExecution owner;
        private readonly FastEngineLayer.Runner[] runners;
        private readonly PinnedBuffer<byte> accumulators;
        private readonly PinnedBuffer<int>[] codes;

        public Worker(FastEngineExecution owner)
        {
            this.owner = owner;
            runners = [.. owner.layers.Select(layer => layer.ForThread(owner.chunk))];
            accumulators = new PinnedBuffer<byte>(runners.Max(runner => runner.AccumulatorBytes));
            long elements = Math.Max((long)owner.chunk * owner.inputElements, runners.Max(runner => runner.CodeElements));
            codes = [new PinnedBuffer<int>(elements), new PinnedBuffer<int>(elements)];
        }

        public FastEngineTally Tally(int layer) => runners[layer].Tally;

        public void Run(ReadOnlyMemory<int> input)
        {
            while (owner.TryTake(out int first, out int count))
            {
                input.Span.Slice(first * owner.inputElements, count * owner.inputElements).CopyTo(codes[0].Span);
                for (int i = 0; i < runners.Length; i++)
                {
                    int* output = codes[(i + 1) % 2].Pointer;
                    runners[i].Run(codes[i % 2].Pointer, first, count, accumulators.Pointer, output);
                    if (owner.Keeps(i))
                    {
                        int elements = owner.layers[i].OutputElements;
                        new ReadOnlySpan<int>(output, count * elements).CopyTo(owner.outputs[i].AsSpan(first * elements));
                    }
                }
                owner.Finished(count);
            }
        }
    }
}
