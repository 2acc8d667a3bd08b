// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>
/// A layer of activations with two values, <c>low + step * bit</c>, and weights +1 and -1, in which nothing can overflow. With v the weights' bits (1 for +1),
/// <c>sum w = 2 * ones(v) - n</c> and <c>sum bit * w = ones(v) - ones(bit xor v)</c>, so
/// <c>acc = low * sum w + step * (ones(v) - ones(bit xor v))</c>. Padding has bit 0, and what its code differs from low is part of what a border pixel starts from.
/// </summary>
internal sealed unsafe class BitSums : LayerSums
{
    private const int PixelsAtATime = 64;

    private readonly MatrixShape shape;
    private readonly PaddedMap map;
    private readonly CodeSet codes;
    private readonly int blockChannels;
    private readonly int pixelBytes;
    private readonly int runBytes;
    private readonly ActivationRun[] runs;
    private readonly int[] chunks;
    private readonly int blockWeights;
    private readonly PinnedBuffer<byte> weights;
    private readonly PinnedBuffer<byte> tables = BitProductKernels.Tables();
    private readonly PinnedBuffer<int> starts;
    private readonly int[] startOfPixel;
    private readonly delegate*<in BitProduct, void> kernel;

    private BitSums(MatrixShape shape, CodeSet codes, InstructionSet set)
    {
        this.shape = shape;
        this.codes = codes;
        map = new PaddedMap(shape);
        kernel = BitProductKernels.For(set);
        blockChannels = BitProductKernels.Channels(set);
        int block = Math.Max(blockChannels, LanesOfPitch);
        Pitch = (shape.Outputs + block - 1) / block * block;
        pixelBytes = (shape.Input.Channels + 3) / 4;

        // Pixels side by side are one run, as long as no code shares its byte with a hole.
        bool rows = shape.Dilation.Columns == 1 || shape.KernelColumns == 1;
        int runPixels = rows ? shape.KernelColumns : 1;
        runBytes = runPixels * pixelBytes;
        (runs, chunks) = Chunks([.. Enumerable.Range(0, shape.KernelRows * shape.KernelColumns / runPixels).Select(run => map.OffsetPixel(run * runPixels) * pixelBytes)], runBytes);
        blockWeights = shape.KernelRows * shape.KernelColumns * pixelBytes * blockChannels;
        weights = new PinnedBuffer<byte>((long)blockWeights * (Pitch / blockChannels));
        Pack();
        (startOfPixel, starts) = Starts();
    }

    public override int Pitch { get; }

    public override bool Wide => false;

    /// <summary>The sums, or null where the operands are not of one bit each.</summary>
    public static BitSums? TryOf(MatrixShape shape, CodeSet codes, long greatestResult, InstructionSet set) =>
        codes.IsTwoValued && codes.Step <= int.MaxValue && shape.Groups == 1 && shape.ActivationOffset == 0 && !shape.Weights.IsEmpty
            && !shape.Weights.AsSpan().ContainsAnyExcept(-1, 1)
            ? new BitSums(shape, codes, set) { GreatestResult = greatestResult }
            : null;

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    /// <summary>Runs cut so that a byte counts each chunk of them, and the number of runs of each chunk.</summary>
    private static (ActivationRun[] Runs, int[] Chunks) Chunks(int[] offsets, int bytes)
    {
        List<ActivationRun> cut = [];
        List<int> chunks = [];
        int free = 0;
        foreach (int offset in offsets)
        {
            for (int first = 0; first < bytes;)
            {
                if (free == 0)
                {
                    free = BitProductKernels.StepsOfChunk;
                    chunks.Add(0);
                }
                int steps = Math.Min(free, bytes - first);
                cut.Add(new ActivationRun(offset + first, steps));
                chunks[^1]++;
                first += steps;
                free -= steps;
            }
        }
        return ([.. cut], [.. chunks]);
    }

    /// <summary><c>[block][kernel element][four channels][output]</c>.</summary>
    private void Pack()
    {
        int channels = shape.Input.Channels;
        ReadOnlySpan<int> values = shape.Weights.AsSpan();
        for (int output = 0; output < shape.Outputs; output++)
        {
            byte* packed = weights.Pointer + ((nint)output / blockChannels * blockWeights) + (output % blockChannels);
            ReadOnlySpan<int> ofOutput = values.Slice(output * shape.Depth, shape.Depth);
            for (int k = 0; k < ofOutput.Length; k++)
            {
                int step = (k / channels * pixelBytes) + (k % channels / 4);
                packed[(nint)step * blockChannels] |= (byte)(ofOutput[k] > 0 ? 1 << (k % channels % 4) : 0);
            }
        }
    }

    /// <summary>What pixels start from: rows of channels, one for each set of kernel elements that lie in the padding, and the row of every pixel.</summary>
    private (int[] OfPixel, PinnedBuffer<int> Rows) Starts()
    {
        int taps = shape.KernelRows * shape.KernelColumns;
        Dictionary<string, int> known = [];
        List<bool[]> outside = [];
        int[] ofPixel = new int[shape.Pixels];
        for (int pixel = 0; pixel < shape.Pixels; pixel++)
        {
            bool[] padding = [.. Enumerable.Range(0, taps).Select(tap => codes.Low != shape.PaddingCode && IsPadding(pixel, tap))];
            if (known.TryAdd(string.Concat(padding.Select(inPadding => inPadding ? '1' : '0')), known.Count))
            {
                outside.Add(padding);
            }
            ofPixel[pixel] = known[string.Concat(padding.Select(inPadding => inPadding ? '1' : '0'))];
        }
        PinnedBuffer<int> rows = new((long)outside.Count * Pitch);
        for (int output = 0; output < shape.Outputs; output++)
        {
            int[] sums = [.. shape.Weights.AsSpan().Slice(output * shape.Depth, shape.Depth).ToArray().Chunk(shape.Input.Channels).Select(tap => tap.Sum())];
            long inside = (codes.Low * sums.Sum()) + (codes.Step * ((sums.Sum() + shape.Depth) / 2));
            for (int row = 0; row < outside.Count; row++)
            {
                long padding = Enumerable.Range(0, taps).Where(tap => outside[row][tap]).Sum(tap => (shape.PaddingCode - codes.Low) * sums[tap]);
                rows.Span[(row * Pitch) + output] = unchecked((int)(inside + padding));
            }
        }
        return (ofPixel, rows);
    }

    private bool IsPadding(int pixel, int tap)
    {
        int y = (pixel / shape.Columns * shape.Stride.Rows) + (tap / shape.KernelColumns * shape.Dilation.Rows) - shape.Padding.Top;
        int x = (pixel % shape.Columns * shape.Stride.Columns) + (tap % shape.KernelColumns * shape.Dilation.Columns) - shape.Padding.Left;
        return y < 0 || y >= shape.Input.Height || x < 0 || x >= shape.Input.Width;
    }

    private sealed class ThreadRunner : Runner
    {
        private readonly BitSums owner;
        private readonly int planeBytes;
        private readonly PinnedBuffer<byte> bits;
        private readonly PinnedBuffer<int> bases;

        public ThreadRunner(BitSums owner, int images)
        {
            this.owner = owner;
            int pixels = owner.shape.Pixels;
            ImagesAtATime = Math.Min(images, (PixelsAtATime + pixels - 1) / pixels);
            planeBytes = owner.map.PixelCount * owner.pixelBytes;
            bits = new PinnedBuffer<byte>((long)ImagesAtATime * planeBytes);
            bases = new PinnedBuffer<int>((long)ImagesAtATime * pixels);
            for (int i = 0; i < bases.Length; i++)
            {
                bases.Span[i] = (i / pixels * planeBytes) + (owner.map.BasePixel(i % pixels) * owner.pixelBytes);
            }
        }

        public override int ImagesAtATime { get; }

        public override void SetWeights(ReadOnlySpan<int> weights) => throw new InvalidOperationException("a layer of one-bit weights has constant ones");

        public override void Run(SumBatch batch, void* accumulators, OverflowTally tally)
        {
            MatrixShape shape = owner.shape;
            for (int image = 0; image < batch.Images; image++)
            {
                FillBits(batch.Codes + ((nint)image * shape.Input.Elements), bits.Pointer + ((nint)image * planeBytes));
            }
            int pixels = batch.Images * shape.Pixels;
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                owner.starts.Span.Slice(owner.startOfPixel[pixel % shape.Pixels] * owner.Pitch, owner.Pitch)
                    .CopyTo(new Span<int>((int*)accumulators + ((nint)pixel * owner.Pitch), owner.Pitch));
            }
            BitProduct product = new()
            {
                Weights = owner.weights.Pointer,
                Blocks = (shape.Outputs + owner.blockChannels - 1) / owner.blockChannels,
                BlockBytes = owner.blockWeights,
                Activations = bits.Pointer,
                Bases = bases.Pointer,
                Pixels = pixels,
                Runs = owner.runs,
                Chunks = owner.chunks,
                Factor = (int)owner.codes.Step,
                Tables = owner.tables.Pointer,
                Accumulators = (int*)accumulators,
                Pitch = owner.Pitch,
            };
            owner.kernel(in product);
        }

        private void FillBits(int* codes, byte* plane)
        {
            MatrixShape shape = owner.shape;
            int low = (int)owner.codes.Low;
            bool whole = shape.Input.Channels % 4 == 0;
            for (int y = 0; y < shape.Input.Height; y++)
            {
                byte* row = plane + ((((nint)(y + shape.Padding.Top) * owner.map.Width) + shape.Padding.Left) * owner.pixelBytes);
                int pixels = whole ? 1 : shape.Input.Width;
                int count = shape.Input.Width / pixels * shape.Input.Channels;
                for (int pixel = 0; pixel < pixels; pixel++, codes += count)
                {
                    BitPacking.Run(codes, count, low, row + ((nint)pixel * owner.pixelBytes));
                }
            }
        }
    }
}
