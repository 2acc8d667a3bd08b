// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// A line of registers that all move on by one place at the clock edge. Place 0 is the wire into the line; places 1.. are registers, place k holding what place 0
/// had k cycles ago.
/// </summary>
internal sealed class ShiftLine<T>(int places, int width) : IClocked
    where T : struct
{
    private readonly T[] _values = new T[places * width];

    /// <summary>The values at a place in this cycle.</summary>
    public Span<T> this[int place] => _values.AsSpan(place * width, width);

    /// <summary>The values at a place and all after it.</summary>
    public Span<T> From(int place) => _values.AsSpan(place * width);

    /// <inheritdoc/>
    public void Advance() => _values.AsSpan(0, (places - 1) * width).CopyTo(_values.AsSpan(width));

    /// <summary>All places to default.</summary>
    public void Clear() => Array.Clear(_values);
}
