// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>
/// Reads the layers' outputs out of the register-accurate model, each in the cycle after its last store: a later layer may use its place for something else. What never reaches external
/// memory is read where it was forwarded to.
/// </summary>
internal sealed class LayerOutputs
{
    private readonly Schedule _schedule;
    private readonly int[][] _codes;
    private readonly int[] _lastStore;
    private readonly FeatureMap[] _maps;
    private int _storesSeen;

    /// <summary>Room for the outputs of all layers.</summary>
    public LayerOutputs(Schedule schedule, int images)
    {
        _schedule = schedule;
        _codes = [.. schedule.Layers.Select(layer => new int[images * layer.Output.Tensor.Elements])];
        _lastStore = [.. schedule.Layers.Select(layer => LastStore(schedule.Store, layer.NetworkLayer))];
        _maps = [.. schedule.Layers.Select(layer => layer.IsForwarded ? ForwardedTo(schedule.Store, layer) : layer.Output)];
    }

    /// <summary>The codes, layer by layer.</summary>
    public ImmutableArray<int[]> All => [.. _codes];

    /// <summary>To be called after each cycle; <paramref name="image"/> is that of the run's first frame.</summary>
    public void Observe(Accelerator accelerator, int image)
    {
        if (accelerator.StoresCompleted == _storesSeen)
        {
            return;
        }
        _storesSeen = accelerator.StoresCompleted;
        if (_storesSeen == 0)
        {
            return;
        }
        (int frame, int store) = Math.DivRem(_storesSeen - 1, _schedule.Store.Length);
        for (int layer = 0; layer < _codes.Length; layer++)
        {
            if (store == _lastStore[layer])
            {
                int elements = _maps[layer].Tensor.Elements;
                Read(accelerator, layer, frame, _codes[layer].AsSpan((image + frame) * elements, elements));
            }
        }
    }

    private void Read(Accelerator accelerator, int layer, int frame, Span<int> codes)
    {
        if (_schedule.Layers[layer].IsForwarded)
        {
            FeatureMapAccess.Read(element => accelerator.Activations[element], _maps[layer], _schedule.Accelerator, codes);
        }
        else
        {
            FeatureMap map = _schedule.Store[_lastStore[layer]].PerFrame ? _maps[layer].InFrame(frame, _schedule) : _maps[layer];
            FeatureMapAccess.Read(accelerator.Memory, map, _schedule.Accelerator, codes);
        }
    }

    private static int LastStore(ImmutableArray<StoreInstruction> program, int networkLayer)
    {
        int last = program.Length - 1;
        while (last >= 0 && program[last].Layer != networkLayer)
        {
            last--;
        }
        return last;
    }

    /// <summary>The place in the activation buffer: the least address that is written is that of pixel (0, 0), channel 0.</summary>
    private static FeatureMap ForwardedTo(ImmutableArray<StoreInstruction> program, ScheduledLayer layer)
    {
        StoreInstruction first = program.Where(store => store.Layer == layer.NetworkLayer && store.Target == StoreTarget.Activation && !store.Fill).MinBy(store => store.MemoryAddress)!;
        return layer.Output with { Origin = first.MemoryAddress, RowPitch = first.RowPitch, PixelPitch = first.PixelPitch };
    }
}
