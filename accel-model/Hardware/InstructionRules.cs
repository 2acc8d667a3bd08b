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
            LoadInstruction load = schedule.Load[i];
            RequireExtents(load, i, load.Beats);
            Require(
                load.Target != LoadTarget.Activation || load.BufferAddress % spec.ElementsPerWord == 0,
                load, i, $"buffer address {load.BufferAddress}, expected a multiple of the {spec.ElementsPerWord} elements of a word");
        }
        for (int i = 0; i < schedule.Array.Length; i++)
        {
            MatmulInstruction matmul = schedule.Array[i];
            RequireExtents(matmul, i, matmul.Rows, matmul.Columns, matmul.Digits, matmul.KernelRows, matmul.KernelColumns, matmul.Tiles);
            Require(!matmul.ActivationSigned || matmul.Digits == 1, matmul, i, $"{matmul.Digits} digits of a signed tensor, expected 1");
        }
        for (int i = 0; i < schedule.Vector.Length; i++)
        {
            VectorInstruction vector = schedule.Vector[i];
            RequireExtents(vector, i, vector.Rows, vector.Columns, vector.PoolRows, vector.PoolColumns);
        }
        for (int i = 0; i < schedule.Store.Length; i++)
        {
            StoreInstruction store = schedule.Store[i];
            RequireExtents(store, i, store.Rows, store.Columns, store.Channels);
            Require(store.Channels <= spec.Array.Columns, store, i, $"{store.Channels} channels, expected at most the {spec.Array.Columns} of an output word");
        }
    }

    private static void RequireExtents(Instruction instruction, int index, params ReadOnlySpan<int> extents)
    {
        foreach (int extent in extents)
        {
            Require(extent >= 1, instruction, index, $"an extent of {extent}, expected at least 1");
        }
    }

    private static void Require(bool holds, Instruction instruction, int index, string problem)
    {
        if (!holds)
        {
            throw new InvalidScheduleException($"{instruction.Unit} instruction {index}: {problem}", instruction.Unit, index);
        }
    }
}
