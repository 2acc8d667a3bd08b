// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Simulation;

/// <summary>Beats and traffic of loads, stores and vector instructions, element by element and word by word (sections 3 and 5 of docs/architecture.md).</summary>
internal static class CycleByCycleBeats
{
    public static int Of(LoadInstruction load, AcceleratorSpec accelerator)
    {
        if (load.Beats > 0)
        {
            return load.Beats;
        }
        int beats = 0;
        for (int y = 0; y < load.Rows; y++)
        {
            for (int x = 0; x < load.Columns; x++)
            {
                int address = load.MemoryAddress + (y * load.MemoryRowPitch) + (x * load.MemoryColumnPitch);
                beats += load.Fill ? Pieces(load.Run, accelerator) : Words(address, load.Run, 1, accelerator);
            }
        }
        return beats;
    }

    public static int Of(StoreInstruction store, AcceleratorSpec accelerator)
    {
        int beats = 0;
        for (int y = 0; y < store.Rows; y++)
        {
            for (int x = 0; x < store.Columns; x++)
            {
                int address = store.MemoryAddress + (y * store.RowPitch) + (x * store.PixelPitch);
                beats += store.Fill ? Pieces(store.Channels, accelerator) : Words(address, store.Channels, store.ChannelPitch, accelerator);
            }
        }
        return beats;
    }

    /// <summary>The memory word of each beat; nothing that means anything where no memory takes part.</summary>
    public static List<int> WordsOf(Instruction instruction, AcceleratorSpec accelerator)
    {
        if (!UsesMemory(instruction))
        {
            return [.. new int[instruction is LoadInstruction fill ? Of(fill, accelerator) : Of((StoreInstruction)instruction, accelerator)]];
        }
        (int rows, int columns, int address, int rowPitch, int columnPitch, int elements, int pitch) = instruction switch
        {
            LoadInstruction { Beats: > 0 } words => (1, 1, words.MemoryAddress * accelerator.ElementsPerWord, 0, 0, words.Beats * accelerator.ElementsPerWord, 1),
            LoadInstruction load => (load.Rows, load.Columns, load.MemoryAddress, load.MemoryRowPitch, load.MemoryColumnPitch, load.Run, 1),
            StoreInstruction store => (store.Rows, store.Columns, store.MemoryAddress, store.RowPitch, store.PixelPitch, store.Channels, store.ChannelPitch),
            _ => throw new ArgumentException(instruction.ToString()),
        };
        return
        [
            .. from y in Enumerable.Range(0, rows)
               from x in Enumerable.Range(0, columns)
               let run = Enumerable.Range(0, elements).Select(i => (address + (y * rowPitch) + (x * columnPitch) + (i * pitch)) / accelerator.ElementsPerWord)
               from word in pitch == 1 ? run.Distinct() : run
               select word,
        ];
    }

    public static bool UsesMemory(Instruction instruction) =>
        instruction is LoadInstruction { Fill: false } or StoreInstruction { Fill: false, Target: StoreTarget.Memory };

    public static Traffic AddTo(Traffic traffic, Instruction instruction, AcceleratorSpec accelerator) => instruction switch
    {
        MatmulInstruction matmul => new CycleByCycleArray(accelerator.Array, matmul).AddTo(traffic),
        VectorInstruction vector => Vector(traffic, vector),
        LoadInstruction { Fill: true } fill => traffic with { FillBeats = traffic.FillBeats + Of(fill, accelerator) },
        StoreInstruction { Fill: true } fill => traffic with { FillBeats = traffic.FillBeats + Of(fill, accelerator) },
        LoadInstruction load => Load(traffic, load, accelerator),
        StoreInstruction store => Store(traffic, store, accelerator),
        _ => throw new ArgumentException(instruction.ToString()),
    };

    private static Traffic Vector(Traffic traffic, VectorInstruction vector)
    {
        for (int window = 0; window < vector.Rows * vector.Columns; window++)
        {
            for (int word = 0; word < vector.PoolRows * vector.PoolColumns; word++)
            {
                traffic = traffic with { ParameterReads = traffic.ParameterReads + 1 };
                traffic = vector.Source == VectorSource.Operand
                    ? traffic with { OperandReads = traffic.OperandReads + 1 }
                    : traffic with { AccumulatorReads = traffic.AccumulatorReads + 1 };
            }
            traffic = traffic with { OutputWrites = traffic.OutputWrites + 1, LookupReads = traffic.LookupReads + (vector.Lookup ? 1 : 0) };
        }
        return traffic;
    }

    private static Traffic Load(Traffic traffic, LoadInstruction load, AcceleratorSpec accelerator)
    {
        int bytes = Of(load, accelerator) * accelerator.Memory.BytesPerCycle;
        int elements = load.Beats > 0 ? bytes * 8 / accelerator.Requantizer.ElementWidth : load.Rows * load.Columns * load.Run;
        return load.Target switch
        {
            LoadTarget.Activation => traffic with { ActivationLoadBytes = traffic.ActivationLoadBytes + bytes, ActivationLoadElements = traffic.ActivationLoadElements + elements },
            LoadTarget.Operand => traffic with { OperandLoadBytes = traffic.OperandLoadBytes + bytes, OperandLoadElements = traffic.OperandLoadElements + elements },
            LoadTarget.Weight => traffic with { WeightLoadBytes = traffic.WeightLoadBytes + bytes },
            LoadTarget.Parameter => traffic with { ParameterLoadBytes = traffic.ParameterLoadBytes + bytes },
            _ => traffic with { LookupLoadBytes = traffic.LookupLoadBytes + bytes },
        };
    }

    private static Traffic Store(Traffic traffic, StoreInstruction store, AcceleratorSpec accelerator)
    {
        int pixels = store.Rows * store.Columns;
        traffic = traffic with { OutputReads = traffic.OutputReads + pixels };
        return store.Target == StoreTarget.Activation
            ? traffic with { ForwardElements = traffic.ForwardElements + (pixels * store.Channels) }
            : traffic with
            {
                StoreElements = traffic.StoreElements + (pixels * store.Channels),
                StoreBytes = traffic.StoreBytes + (Of(store, accelerator) * accelerator.Memory.BytesPerCycle),
            };
    }

    /// <summary>Memory words under some elements; elements that are apart are counted one by one, whatever words they are in.</summary>
    private static int Words(int address, int elements, int pitch, AcceleratorSpec accelerator) =>
        pitch != 1 ? elements : Enumerable.Range(address, elements).Select(element => element / accelerator.ElementsPerWord).Distinct().Count();

    private static int Pieces(int elements, AcceleratorSpec accelerator) => Enumerable.Range(0, elements).Count(element => element % accelerator.ElementsPerWord == 0);
}
