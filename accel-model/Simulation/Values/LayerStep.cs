// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Values;

/// <summary>What makes one tensor of others, image by image: compiled once, then run by every thread on memory of its own.</summary>
internal abstract unsafe class LayerStep
{
    /// <summary>The codes that it can make.</summary>
    public abstract CodeSet Codes { get; }

    /// <summary>A runner for batches of at most so many images.</summary>
    public abstract Runner ForThread(int images);

    /// <summary>One thread's run.</summary>
    public abstract class Runner
    {
        /// <summary>Overflows so far.</summary>
        public OverflowTally Tally { get; } = new();

        /// <summary>Bytes of <see cref="StepImages.Scratch"/> that it needs.</summary>
        public virtual long ScratchBytes => 0;

        /// <summary>Makes the codes of some images.</summary>
        public abstract void Run(StepImages images);
    }
}

/// <summary>Some images on their way through a step.</summary>
internal readonly unsafe struct StepImages(int** inputs, int first, int count, byte* scratch, int* output)
{
    /// <summary>Codes of each tensor that is read, image after image.</summary>
    public readonly int** Inputs = inputs;

    /// <summary>Index of the first image in the batch.</summary>
    public readonly int First = first;

    /// <summary>Number of images.</summary>
    public readonly int Count = count;

    /// <summary>Memory that no other step holds anything in.</summary>
    public readonly byte* Scratch = scratch;

    /// <summary>Codes that are made, with a vector's room behind them.</summary>
    public readonly int* Output = output;
}
