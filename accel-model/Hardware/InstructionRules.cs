// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What the fields of an instruction must be for the counters that they are loaded into.</summary>
internal static class InstructionRules
{
    /// <exception cref="InvalidScheduleException">An extent is below 1, or outside what the design has.</exception>
    public static void Check(Schedule schedule)
    {
        AcceleratorSpec spec = schedule.Accelerator;
        for (int i = 0; i < schedule.Load.Length; i++)
        {
            Check(schedule.Load[i], i, spec);
        }
        for (int i = 0; i < schedule.Array.Length; i++)
        {
            MatmulRules.Check(schedule.Array[i], i, spec);
        }
        for (int i = 0; i < schedule.Vector.Length; i++)
        {
            Check(schedule.Vector[i], i, spec);
        }
        for (int i = 0; i < schedule.Store.Length; i++)
        {
            Check(schedule.Store[i], i, spec);
        }
    }

    private static void Check(LoadInstruction load, int index, AcceleratorSpec spec)
    {
        Require(load.Target != LoadTarget.Operand || spec.Vector.Elementwise, load, index, "operands, expected only with vector.elementwise");
        Require(load.Target != LoadTarget.Lookup || spec.Vector.Lookup, load, index, "a lookup table, expected only with vector.lookup");
        Require(load.Target != LoadTarget.Factor || spec.Array.ActivationWeights, load, index, "factors, expected only with array.activation_weights");
        bool inWords = load.Run == 0 && !load.Fill;
        RequireExtents(load, index, inWords ? load.Beats : load.Run, load.Rows, load.Columns);
        Require(load.IsElementwise || inWords, load, index, "runs or a fill of lines, expected whole memory words");
        Require(inWords || load.Beats == 0, load, index, $"{load.Beats} memory words of runs, expected 0");
        Require(
            load.Target != LoadTarget.Lookup || load.BufferAddress % spec.ElementsPerWord == 0,
            load, index, $"lookup entry {load.BufferAddress}, expected a multiple of the {spec.ElementsPerWord} of a memory word");
    }

    private static void Check(VectorInstruction vector, int index, AcceleratorSpec spec)
    {
        RequireExtents(vector, index, vector.Rows, vector.Columns, vector.PoolRows, vector.PoolColumns);
        bool isPlain = vector is { Source: VectorSource.Accumulator, Combine: VectorCombine.Maximum, Post: false };
        Require(isPlain || spec.Vector.Elementwise, vector, index, "operands, a sum, a product or a second requantisation, expected only with vector.elementwise");
        Require(!vector.Lookup || spec.Vector.Lookup, vector, index, "a lookup, expected only with vector.lookup");
        Require(
            vector.LookupAddress is >= 0 and <= LookupMemory.Entries - LookupMemory.TableEntries,
            vector, index, $"a lookup table from entry {vector.LookupAddress} on, expected at most {LookupMemory.Entries - LookupMemory.TableEntries}");
    }

    private static void Check(StoreInstruction store, int index, AcceleratorSpec spec)
    {
        RequireExtents(store, index, store.Rows, store.Columns, store.Channels);
        Require(
            store.Fill || (store.FirstChannel >= 0 && store.FirstChannel + store.Channels <= spec.Array.Columns),
            store, index, $"{store.Channels} channels from {store.FirstChannel} on, expected those of an output word of {spec.Array.Columns}");
        Require(!store.Fill || store.Target == StoreTarget.Activation, store, index, "a fill of external memory, expected one of the activation buffer");
        Require(!store.Fill || store.ChannelPitch == 1, store, index, $"a fill with a channel pitch of {store.ChannelPitch}, expected 1");
    }

    /// <summary>Extents that counters count.</summary>
    internal static void RequireExtents(Instruction instruction, int index, params ReadOnlySpan<int> extents)
    {
        foreach (int extent in extents)
        {
            Require(extent >= 1, instruction, index, $"an extent of {extent}, expected at least 1");
        }
    }

    /// <summary>One rule.</summary>
    internal static void Require(bool holds, Instruction instruction, int index, string problem)
    {
        if (!holds)
        {
            throw new InvalidScheduleException($"{instruction.Unit} instruction {index}: {problem}", instruction.Unit, index);
        }
    }
}
