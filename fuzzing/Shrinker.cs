// SPDX-License-Identifier: Apache-2.0
namespace Fuzzing;

/// <summary>Makes a failing list of choices shorter and smaller while it keeps failing.</summary>
public static class Shrinker
{
    /// <summary>
    /// The smallest list found with at most <paramref name="budget"/> trials: blocks are deleted, then single choices set to 0, halved and decremented,
    /// until nothing helps.
    /// </summary>
    public static IReadOnlyList<int> Shrink(IReadOnlyList<int> failing, Func<IReadOnlyList<int>, bool> fails, int budget = 2000)
    {
        IReadOnlyList<int> best = failing;
        bool progress = true;
        while (progress && budget > 0)
        {
            progress = false;
            for (int size = Math.Max(1, best.Count / 2); size >= 1; size /= 2)
            {
                for (int start = 0; start + size <= best.Count && budget > 0; start++)
                {
                    progress |= Try([.. best.Take(start), .. best.Skip(start + size)]);
                }
            }

            for (int i = 0; i < best.Count && budget > 0; i++)
            {
                foreach (int candidate in new[] { 0, best[i] / 2, best[i] - 1 })
                {
                    if (i < best.Count && candidate >= 0 && candidate < best[i] && budget > 0)
                    {
                        progress |= Try([.. best.Take(i), candidate, .. best.Skip(i + 1)]);
                    }
                }
            }
        }

        return best;

        bool Try(List<int> candidate)
        {
            budget--;
            if (!fails(candidate))
            {
                return false;
            }

            best = candidate;
            return true;
        }
    }
}
