// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Which texts there are of a part.</summary>
internal static class ReadingRules
{
    /// <summary>Adds a finding at the key <c>reading</c> where the part has no such text.</summary>
    /// <param name="section">The part's section.</param>
    /// <param name="reading">The text that a recipe names.</param>
    /// <param name="part">What the part is, after what was found; empty where the section says it.</param>
    /// <param name="known">The texts that there are.</param>
    public static void Check(SpecSection section, Reading reading, string part, params Reading[] known)
    {
        if (!known.Contains(reading))
        {
            section.Issue("reading", $"there is no such text of it, found '{EnumNames.Of(reading)}'{part}, allowed {string.Join(", ", known.Select(EnumNames.Of))}");
        }
    }
}
