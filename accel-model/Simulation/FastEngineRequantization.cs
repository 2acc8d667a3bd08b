// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>
/// From a layer's accumulators to its pooled codes. Requantisation never falls as the accumulator rises, so the maximum is taken first, over accumulators: the code of
/// the greatest is the greatest code. Only where random words differ from word to word is every word requantised.
/// </summary>
/// <typeparam name="T">An accumulator.</typeparam>
internal sealed unsafe class FastEngineRequantization<T> : FastEngineRequantization
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly MatrixLayer layer;
    private readonly Requantization requantization;
    private readonly int pitch;
    private readonly bool maximumFirst;
    private readonly uint[] randoms;
    private readonly RequantizationTableSet? tables;
    private readonly delegate*<T*, int, RequantizationTables*, long*, int*, void> kernel;
    private readonly delegate*<T*, int, int, nint, nint, T*, int, void> greatestAccumulator;
    private readonly delegate*<int*, int, int, nint, nint, int*, int, void> greatestCode;

    public FastEngineRequantization(MatrixLayer layer, RequantizationOrder order, int pitch, long greatestAccumulator, InstructionSet set)
    {
        this.layer = layer;
        this.pitch = pitch;
        requantization = layer.Requantization;
        randoms = requantization.IsStochastic ? FastEngineRandomWords.Of(layer, order, pitch) : [];
        maximumFirst = !requantization.IsStochastic;
        tables = RequantizationTableSet.TryOf(requantization, layer.OutputChannels, pitch, greatestAccumulator, randoms);
        kernel = RequantizationKernels.For<T>(set, requantization.Kind == RequantizationKind.Thresholds ? null : requantization.Rounding);
        this.greatestAccumulator = MaximumKernels.For<T>(set);
        greatestCode = MaximumKernels.For<int>(set);
    }

    public override void Run(void* accumulators, int* codes, void* scratch)
    {
        int window = layer.PoolWindow.Rows * layer.PoolWindow.Columns;
        int* row = codes;
        for (int y = 0; y < layer.Output.Height; y++)
        {
            for (int x = 0; x < layer.Output.Width; x++)
            {
                nint first = ((nint)y * layer.PoolStride.Rows * layer.ConvColumns) + (x * layer.PoolStride.Columns);
                T* source = (T*)accumulators + (first * pitch);
                int slot = ((y * layer.Output.Width) + x) * window;
                if (window == 1)
                {
                    Requantize(source, slot, row);
                }
                else if (maximumFirst)
                {
                    greatestAccumulator(source, layer.PoolWindow.Rows, layer.PoolWindow.Columns, (nint)layer.ConvColumns * pitch, pitch, (T*)scratch, pitch);
                    Requantize((T*)scratch, slot, row);
                }
                else
                {
                    RequantizeThenPool(source, slot, row, (int*)scratch);
                }

                // The padding channels that a kernel writes behind a pixel are overwritten by the next one.
                row += layer.OutputChannels;
            }
        }
    }

    private void RequantizeThenPool(T* source, int slot, int* codes, int* scratch)
    {
        int word = 0;
        for (int p = 0; p < layer.PoolWindow.Rows; p++)
        {
            for (int q = 0; q < layer.PoolWindow.Columns; q++)
            {
                Requantize(source + ((((nint)p * layer.ConvColumns) + q) * pitch), slot + word, scratch + ((nint)word * pitch));
                word++;
            }
        }
        greatestCode(scratch, 1, word, 0, pitch, codes, pitch);
    }

    private void Requantize(T* accumulators, int slot, int* codes)
    {
        if (tables is not null)
        {
            RequantizationTables pointers = tables.Pointers;
            kernel(accumulators, pitch, &pointers, tables.AddendsOf(slot), codes);
            return;
        }
        for (int channel = 0; channel < layer.OutputChannels; channel++)
        {
            uint random = randoms.Length == 0 ? 0 : randoms[((long)slot * pitch) + channel];
            codes[channel] = requantization.Apply(long.CreateTruncating(accumulators[channel]), channel, random);
        }
    }
}

/// <summary>See <see cref="FastEngineRequantization{T}"/>.</summary>
internal abstract unsafe class FastEngineRequantization
{
    /// <summary>Requantises and pools one image.</summary>
    /// <param name="accumulators"><c>[pixel][channel]</c>.</param>
    /// <param name="codes">Result, with a pitch's room behind it.</param>
    /// <param name="scratch">Room for the words of one window.</param>
    public abstract void Run(void* accumulators, int* codes, void* scratch);

    /// <summary>The requantisation that fits a layer's accumulators.</summary>
    public static FastEngineRequantization Of(MatrixLayer layer, RequantizationOrder order, FastEngineSums sums, long greatestAccumulator, InstructionSet set) =>
        sums.Wide
            ? new FastEngineRequantization<long>(layer, order, sums.Pitch, greatestAccumulator, set)
            : new FastEngineRequantization<int>(layer, order, sums.Pitch, greatestAccumulator, set);
}
