// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification.Yaml;

/// <summary>Finds what somebody probably meant to write.</summary>
public static class NearestName
{
    /// <summary>
    /// The candidate with the least edit distance, the first of several, or null when none is closer than half of
    /// the longer name's length.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate);
            if (distance < least && 2 * distance <= Math.Max(name.Length, candidate.Length))
            {
                nearest = candidate;
                least = distance;
            }
        }
        return nearest;
    }

    /// <summary>The words that a message puts behind a wrong name: <c> (did you mean 'nearest'?)</c>, or nothing.</summary>
    public static string Suggestion(string name, IEnumerable<string> candidates) => Of(name, candidates) is string nearest ? $" (did you mean '{nearest}'?)" : "";

    /// <summary>Least number of insertions, deletions and replacements that turn one name into the other (Levenshtein).</summary>
    public static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        foreach ((int row, char letter) in from.Index())
        {
            int[] current = new int[to.Length + 1];
            current[0] = row + 1;
            for (int column = 0; column < to.Length; column++)
            {
                int replaced = previous[column] + (letter == to[column] ? 0 : 1);
                current[column + 1] = Math.Min(replaced, Math.Min(previous[column + 1], current[column]) + 1);
            }
            previous = current;
        }
        return previous[^1];
    }
}
