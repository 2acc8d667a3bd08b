// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>Runs a batch: images in chunks, chunks taken by threads as they come free, each result at its own place.</summary>
internal sealed unsafe class BatchExecution
{
    private const int MostImagesOfChunk = 32;

    /// <summary>Codes of a chunk, in all buffers together: what a thread keeps near, and what keeps a large network's memory small.</summary>
    private const long MostElementsOfChunk = 1 << 21;

    private readonly ExecutionOptions options;
    private readonly ValueProgram program;
    private readonly TensorSpec input;
    private readonly int images;
    private readonly int chunk;
    private readonly Dictionary<int, int[]> outputs;
    private readonly ILookup<int, int> layersOfTensor;
    private readonly Lock progress = new();
    private int nextImage;
    private int finishedImages;

    /// <param name="network">The network.</param>
    /// <param name="program">The network, compiled.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="options">How the work is done.</param>
    public BatchExecution(IntegerNetwork network, ValueProgram program, int images, ExecutionOptions options)
    {
        this.options = options;
        this.program = program;
        this.images = images;
        input = network.Input;
        long mostOfChunk = Math.Clamp(MostElementsOfChunk / Math.Max(1, program.BufferElements.Sum()), 1, MostImagesOfChunk);
        chunk = (int)Math.Clamp(((long)images + options.Threads - 1) / options.Threads, 1, mostOfChunk);
        outputs = program.Kept.ToDictionary(kept => kept.Layer, kept => new int[checked((long)images * network.Layers[kept.Layer].Output.Elements)]);
        layersOfTensor = program.Kept.ToLookup(kept => kept.Tensor, kept => kept.Layer);
    }

    /// <summary>The codes of every layer that was asked for, and the overflows of every step's layer.</summary>
    /// <exception cref="ArgumentException">The input has the wrong length, or a code outside its format.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public (Dictionary<int, int[]> Codes, Dictionary<int, LayerOverflows> Overflows) Run(ReadOnlyMemory<int> codes)
    {
        Check(codes.Span);
        int threads = Math.Max(1, Math.Min(options.Threads, (images + chunk - 1) / chunk));
        Worker[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(this))];
        Task[] others = [.. workers.Skip(1).Select(worker => Task.Factory.StartNew(() => worker.Run(codes), TaskCreationOptions.LongRunning))];
        try
        {
            workers[0].Run(codes);
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
        Dictionary<int, LayerOverflows> overflows = [];
        for (int step = 0; step < program.Steps.Count; step++)
        {
            int index = step;
            overflows.Add(program.Steps[step].Layer, OverflowTally.Merge(workers.Select(worker => worker.Tally(index))));
        }
        return (outputs, overflows);
    }

    private void Check(ReadOnlySpan<int> codes)
    {
        if (codes.Length != (long)images * input.Elements)
        {
            throw new ArgumentException($"{images} images of {input.Elements} codes are {(long)images * input.Elements} codes, not {codes.Length}", nameof(codes));
        }
        FixedPointFormat format = input.Format;
        for (int i = 0; i < codes.Length; i++)
        {
            if (!format.Contains(codes[i]))
            {
                throw new ArgumentException($"code {codes[i]} at index {i} is outside {format}", nameof(codes));
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
        private readonly BatchExecution owner;
        private readonly LayerStep.Runner[] runners;
        private readonly PinnedBuffer<byte> scratch;
        private readonly PinnedBuffer<int>[] buffers;

        public Worker(BatchExecution owner)
        {
            this.owner = owner;
            runners = [.. owner.program.Steps.Select(step => step.Step.ForThread(owner.chunk))];
            scratch = new PinnedBuffer<byte>(runners.Select(runner => runner.ScratchBytes).DefaultIfEmpty().Max());
            buffers = [.. owner.program.BufferElements.Select(elements => new PinnedBuffer<int>(owner.chunk * elements))];
        }

        public OverflowTally Tally(int step) => runners[step].Tally;

        public void Run(ReadOnlyMemory<int> codes)
        {
            int** inputs = stackalloc int*[1 + owner.program.Steps.Select(step => step.Inputs.Length).DefaultIfEmpty().Max()];
            while (owner.TryTake(out int first, out int count))
            {
                codes.Span.Slice(first * owner.input.Elements, count * owner.input.Elements).CopyTo(BufferOf(0).Span);
                Keep(0, first, count);
                for (int i = 0; i < runners.Length; i++)
                {
                    ValueStep step = owner.program.Steps[i];
                    for (int j = 0; j < step.Inputs.Length; j++)
                    {
                        inputs[j] = BufferOf(step.Inputs[j]).Pointer;
                    }
                    runners[i].Run(new StepImages(inputs, first, count, scratch.Pointer, BufferOf(step.Output).Pointer));
                    Keep(step.Output, first, count);
                }
                owner.Finished(count);
            }
        }

        private PinnedBuffer<int> BufferOf(int tensor) => buffers[owner.program.BufferOfTensor[tensor]];

        /// <summary>Copies the codes of a tensor to the layers that are asked for.</summary>
        private void Keep(int tensor, int first, int count)
        {
            foreach (int layer in owner.layersOfTensor[tensor])
            {
                int[] output = owner.outputs[layer];
                int elements = output.Length / owner.images;
                BufferOf(tensor).Span[..(count * elements)].CopyTo(output.AsSpan(first * elements));
            }
        }
    }
}
