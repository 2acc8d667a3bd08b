// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// A pipeline register between two stages: what the producer sends in one cycle the consumer sees in the next, and in that one only.
/// The default value of <typeparamref name="T"/> is the bubble.
/// </summary>
public sealed class Latch<T> : IClocked
    where T : struct
{
    private T _next;

    /// <summary>What the consumer sees in this cycle.</summary>
    public T Current { get; private set; }

    /// <summary>The producer's end.</summary>
    public void Send(in T value) => _next = value;

    /// <inheritdoc/>
    public void Advance()
    {
        Current = _next;
        _next = default;
    }

    /// <summary>Empties both ends.</summary>
    public void Reset() => Current = _next = default;
}

/// <summary>A register that holds its value until it is given another.</summary>
public sealed class Register<T> : IClocked
{
    /// <summary>The value in this cycle.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>The value from the next cycle on.</summary>
    public T Next { get; set; } = default!;

    /// <inheritdoc/>
    public void Advance() => Current = Next;

    /// <summary>Sets both values.</summary>
    public void Reset(T value = default!) => Current = Next = value;
}

/// <summary>A pipeline register of one value for each lane, or of a line's bytes.</summary>
public sealed class LaneLatch<T>(int lanes) : IClocked
{
    private T[] _current = new T[lanes];
    private T[] _next = new T[lanes];

    /// <summary>What the consumer sees in this cycle.</summary>
    public ReadOnlySpan<T> Current => _current;

    /// <summary>The producer's end.</summary>
    public Span<T> Next => _next;

    /// <inheritdoc/>
    public void Advance() => (_current, _next) = (_next, _current);
}
