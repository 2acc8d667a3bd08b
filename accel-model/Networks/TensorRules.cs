// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Extents that cannot overflow an address, formats whose codes fit an <see cref="int"/>.</summary>
internal static class TensorRules
{
    /// <summary>The greatest extent, stride, padding, dilation or number of channels.</summary>
    public const int MaxExtent = 1 << 20;

    /// <summary>The most elements of a tensor.</summary>
    public const int MaxElements = 1 << 28;

    public static IEnumerable<Finding> Check(string path, TensorSpec tensor)
    {
        (string Name, int Extent)[] extents = [("height", tensor.Height), ("width", tensor.Width), ("channels", tensor.Channels)];
        foreach ((string name, int extent) in extents.Where(e => e.Extent is < 1 or > MaxExtent))
        {
            yield return new Finding($"{path}.{name}", $"out of range, found {extent}, allowed 1..{MaxExtent}");
        }
        if (extents.All(e => e.Extent is >= 1 and <= MaxExtent) && Elements(tensor) > MaxElements)
        {
            yield return new Finding(path, $"too many elements, found {Elements(tensor)}, allowed at most {MaxElements}");
        }
        if (!HasCodes(tensor.Format))
        {
            yield return new Finding($"{path}.format", $"codes must fit a signed 32-bit integer, found {tensor.Format}, allowed sfix of 1..32 and ufix of 1..31 bits");
        }
    }

    public static bool IsSound(TensorSpec tensor) => !Check("", tensor).Any();

    private static Int128 Elements(TensorSpec tensor) => (Int128)tensor.Height * tensor.Width * tensor.Channels;

    private static bool HasCodes(FixedPointFormat format) => format.Width >= 1 && format.MaxRaw <= int.MaxValue;
}
