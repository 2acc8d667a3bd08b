// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>The same programs at the other end of the buffers: what is used of each buffer is moved up until it ends at the buffer's last address, where reads of whole vectors wrap around.</summary>
public static class LastAddresses
{
    /// <summary>The moved programs. Values and, where the memory's bursts know no addresses of buffers, times stay.</summary>
    public static Schedule Of(Schedule schedule)
    {
        AcceleratorSpec spec = schedule.Accelerator;
        int activation = Room(spec.Buffers.Activation.Size, [
            .. schedule.Load.Where(load => load.Target == LoadTarget.Activation).Select(load => End(load, spec)),
            .. schedule.Store.Where(store => store.Target == StoreTarget.Activation).Select(End)]);
        int operand = Room(spec.Buffers.Operand.Size, [.. schedule.Load.Where(load => load.Target == LoadTarget.Operand).Select(load => End(load, spec))]);
        int weight = Room(spec.Buffers.Weight.Size, [.. schedule.Load.Where(load => load.Target == LoadTarget.Weight).Select(load => load.BufferAddress + (load.Beats / spec.WeightLineWords))]);
        int parameter = Room(spec.Buffers.Parameter.Size, [.. schedule.Load.Where(load => load.Target == LoadTarget.Parameter).Select(load => load.BufferAddress + (load.Beats / spec.ParameterLineWords))]);
        int factor = Room(spec.Buffers.Factor.Size, [.. schedule.Load.Where(load => load.Target == LoadTarget.Factor).Select(load => End(load, spec))]);
        int accumulator = Room(spec.Buffers.Accumulator.Size, [.. schedule.Array.Select(matmul => End(matmul, spec))]);
        int output = Room(spec.Buffers.Output.Size, [.. schedule.Vector.Select(vector => vector.OutputAddress + (vector.Rows * vector.Columns))]);
        return schedule with
        {
            Choices = [],
            Load = [.. schedule.Load.Select(load => load with
            {
                BufferAddress = load.BufferAddress + load.Target switch
                {
                    LoadTarget.Activation => activation,
                    LoadTarget.Operand => operand,
                    LoadTarget.Factor => factor,
                    LoadTarget.Weight => weight,
                    LoadTarget.Parameter => parameter,
                    _ => 0,
                },
            })],
            Array = [.. schedule.Array.Select(matmul => matmul with
            {
                ActivationAddress = matmul.ActivationAddress + activation,
                WeightAddress = matmul.WeightAddress + (matmul.ActivationWeights ? factor : weight),
                AccumulatorAddress = matmul.AccumulatorAddress + accumulator,
            })],
            Vector = [.. schedule.Vector.Select(vector => vector with
            {
                SourceAddress = vector.SourceAddress + (vector.Source == VectorSource.Accumulator ? accumulator : operand),
                ParameterAddress = vector.ParameterAddress + parameter,
                OutputAddress = vector.OutputAddress + output,
            })],
            Store = [.. schedule.Store.Select(store => store with
            {
                OutputAddress = store.OutputAddress + output, MemoryAddress = store.MemoryAddress + (store.Target == StoreTarget.Activation ? activation : 0),
            })],
        };
    }

    /// <summary>The address behind the last element that a load writes; of memory words that are no runs, all of them.</summary>
    internal static int End(LoadInstruction load, AcceleratorSpec spec) =>
        load.BufferAddress + ((load.Rows - 1) * load.BufferRowPitch) + ((load.Columns - 1) * load.BufferColumnPitch) + (load.Run > 0 || load.Fill ? load.Run : load.Beats * spec.ElementsPerWord);

    /// <summary>The address behind the last element that a store into the activation buffer writes.</summary>
    internal static int End(StoreInstruction store) =>
        store.MemoryAddress + ((store.Rows - 1) * store.RowPitch) + ((store.Columns - 1) * store.PixelPitch) + ((store.Channels - 1) * store.ChannelPitch) + 1;

    /// <summary>The word behind the last accumulators that a matmul writes: one word for each vector, on an input-stationary array for each group of <c>columns</c> channels.</summary>
    internal static int End(MatmulInstruction matmul, AcceleratorSpec spec) =>
        matmul.AccumulatorAddress + (matmul.Vectors * (spec.Array.Dataflow == Dataflow.InputStationary ? (matmul.Channels + spec.Array.Columns - 1) / spec.Array.Columns : 1));

    private static int Room(int size, IReadOnlyCollection<int> ends) => ends.Count == 0 ? 0 : Math.Max(0, size - ends.Max());
}
