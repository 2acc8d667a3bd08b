// SPDX-License-Identifier: Apache-2.0
namespace Fuzzing;

/// <summary>
/// Where a generator takes its decisions from: fresh random numbers, all recorded, or a recorded list that is replayed (0 past its end).
/// Since every case is a list of small numbers in which 0 is the simplest choice, cases are shrunk without knowing what they mean.
/// </summary>
public sealed class ChoiceSource
{
    private readonly Random? _random;
    private readonly IReadOnlyList<int> _replay;
    private readonly List<int> _taken = [];

    /// <summary>Fresh choices.</summary>
    public ChoiceSource(int seed)
    {
        _random = new Random(seed);
        _replay = [];
    }

    /// <summary>Recorded choices.</summary>
    public ChoiceSource(IReadOnlyList<int> replay) => _replay = replay;

    /// <summary>What was chosen so far.</summary>
    public IReadOnlyList<int> Taken => _taken;

    /// <summary>A number in 0..<paramref name="count"/>-1; 0 is the simplest.</summary>
    public int Next(int count)
    {
        int value = _random is not null ? _random.Next(count) : _taken.Count < _replay.Count ? Math.Min(_replay[_taken.Count], count - 1) : 0;
        _taken.Add(value);
        return value;
    }

    /// <summary>A number in <paramref name="minimum"/>..<paramref name="maximum"/>; the minimum is the simplest.</summary>
    public int Between(int minimum, int maximum) => minimum + Next(maximum - minimum + 1);

    /// <summary>One of <paramref name="values"/>; the first is the simplest.</summary>
    public T Of<T>(params T[] values) => values[Next(values.Length)];

    /// <summary>True once in <paramref name="count"/> times; false is the simplest.</summary>
    public bool OnceIn(int count) => Next(count) == count - 1;
}
