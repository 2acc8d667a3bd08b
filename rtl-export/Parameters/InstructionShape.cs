// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Parameters;

/// <summary>What the fields of one instruction must be together; each field's own range is in its table.</summary>
internal static class InstructionShape
{
    /// <exception cref="InstructionEncodingException">The unit has no such command.</exception>
    public static void Check(LoadInstruction load, int index, AcceleratorSpec spec)
    {
        bool inRuns = load.IsElementwise;
        Require(load.Target != LoadTarget.Operand || spec.Vector.Elementwise, load, index, "the design has no operand buffer");
        Require(load.Target != LoadTarget.Factor || spec.Array.ActivationWeights, load, index, "the design has no factor buffer");
        Require(load.Target != LoadTarget.Lookup || spec.Vector.Lookup, load, index, "the design has no lookup memory");
        Require(inRuns ? load.Run >= 1 : load.Beats >= 1, load, index, "it loads nothing");
        Require(inRuns ? load.Beats == 0 : load is { Run: 0, Fill: false, Rows: 1, Columns: 1 }, load, index, "elements are loaded in runs, lines and tables in memory words");
        Require(
            load.Target != LoadTarget.Lookup || load.BufferAddress % spec.ElementsPerWord == 0,
            load, index, $"lookup entry {load.BufferAddress} is not a multiple of the {spec.ElementsPerWord} of a memory word");
    }

    /// <exception cref="InstructionEncodingException">The unit has no such command.</exception>
    public static void Check(StoreInstruction store, int index, AcceleratorSpec spec)
    {
        Require(
            store.Fill || store.FirstChannel + store.Channels <= spec.Array.Columns,
            store, index, $"channels {store.FirstChannel}..{store.FirstChannel + store.Channels - 1} are not in an output word of {spec.Array.Columns}");
        Require(!store.Fill || store is { Target: StoreTarget.Activation, ChannelPitch: 1 }, store, index, "a fill goes to the activation buffer, channel by channel");
    }

    private static void Require(bool holds, Instruction instruction, int index, string problem)
    {
        if (!holds)
        {
            throw new InstructionEncodingException(instruction.Unit, index, problem);
        }
    }
}
