// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>
/// Bursts of a command where a burst is consecutive words inside one aligned block (<c>memory.burst_alignment_bytes</c>): counted run by run, a run of many blocks at once.
/// </summary>
internal struct FastEngineBursts
{
    private readonly int burstBeats;
    private readonly int blockWords;
    private long bursts;
    private long nextWord;
    private long left;

    private FastEngineBursts(MemorySpec memory)
    {
        burstBeats = memory.BurstBeats;
        blockWords = memory.BurstAlignmentWords;
        nextWord = -1;
    }

    /// <summary>Bursts of consecutive words.</summary>
    public static long OfWords(long firstWord, long words, MemorySpec memory)
    {
        FastEngineBursts bursts = new(memory);
        bursts.Add(firstWord, words);
        return bursts.bursts;
    }

    /// <summary>Bursts of runs, one after the other: of runs of neighbours, the words that each touches; of elements <paramref name="pitch"/> apart, the word of each.</summary>
    public static long OfRuns(in Runs runs, int pitch, AcceleratorSpec spec)
    {
        int shift = BitOperations.Log2((uint)spec.ElementsPerWord);
        FastEngineBursts bursts = new(spec.Memory);
        for (int row = 0; row < runs.Rows; row++)
        {
            for (int column = 0; column < runs.Columns; column++)
            {
                long first = runs.Address + ((long)row * runs.RowPitch) + ((long)column * runs.ColumnPitch);
                if (pitch == 1)
                {
                    bursts.Add(first >> shift, ((first + runs.Length - 1) >> shift) - (first >> shift) + 1);
                    continue;
                }
                for (int i = 0; i < runs.Length; i++)
                {
                    bursts.Add((first + ((long)i * pitch)) >> shift, 1);
                }
            }
        }
        return bursts.bursts;
    }

    /// <summary>Beats of consecutive words: first what the open burst can still take, then block by block.</summary>
    private void Add(long word, long count)
    {
        long end = word + count;
        if (word == nextWord)
        {
            word += Math.Min(left, count);
            left -= word - nextWord;
        }
        while (word < end)
        {
            // To the end of this block, or of all whole blocks but the last at once.
            long block = Math.Min(end, ((word / blockWords) + 1) * blockWords) - word;
            long whole = word % blockWords == 0 ? Math.Max(0, ((end - 1) / blockWords) - (word / blockWords)) : 0;
            if (whole > 0)
            {
                bursts += whole * ((blockWords + burstBeats - 1) / burstBeats);
                word += whole * blockWords;
                continue;
            }
            long opened = (block + burstBeats - 1) / burstBeats;
            bursts += opened;
            word += block;
            left = Math.Min((opened * burstBeats) - block, (blockWords - (word % blockWords)) % blockWords);
        }
        nextWord = end;
    }
}
