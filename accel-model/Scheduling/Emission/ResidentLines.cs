// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Emission;

/// <summary>What stays in one buffer through all frames: each piece is loaded once, by the prologue, and has a place of its own.</summary>
/// <param name="keyPath">The key of the accelerator file that sets the buffer's size.</param>
/// <param name="size">Addresses of the buffer, of both slots where it has two.</param>
/// <param name="prologue">Where the loads go.</param>
internal sealed class ResidentLines(string keyPath, int size, List<LoadInstruction> prologue)
{
    private readonly Dictionary<object, int> _places = [];
    private long _used;

    /// <summary>Why it does not fit; null where it does.</summary>
    public ScheduleFinding? Finding(string network) => _used <= size
        ? null
        : new(keyPath, network, $"all constants are to stay on chip (mapping.resident_weights), found a size of {size}, allowed at least {_used}");

    /// <summary>The first address of a piece; the first time, <paramref name="load"/> loads its <paramref name="addresses"/> there.</summary>
    public int Place(object key, int addresses, Func<int, LoadInstruction> load)
    {
        if (_places.TryGetValue(key, out int place))
        {
            return place;
        }

        place = (int)Math.Min(_used, int.MaxValue);
        _used += addresses;
        prologue.Add(load(place));
        return _places[key] = place;
    }
}
