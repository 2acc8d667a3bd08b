// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using NnTrain.Quantizers;

namespace NnTrain.Lowering;

/// <summary>
/// Codes that are not equally spaced: the thresholds of a matrix layer count entries of a table, which a lookup layer behind it reads,
/// <code>
/// NAME_entries  entry = number of thresholds that the sum has reached
/// NAME          code = table[entry]
/// </code>
/// </summary>
internal static class CodeTables
{
    /// <summary>The matrix layer, which makes entries.</summary>
    public static Layer Entries(Layer matrix, IGrid grid) => matrix with
    {
        Name = $"{matrix.Name}_entries",
        Output = matrix.Output with { Format = new FixedPointFormat(Signed: false, BitOperations.Log2((uint)grid.Ladder.Length) + 1, 0) },
    };

    /// <summary>The table behind it, of the matrix layer's name.</summary>
    public static LookupLayer Codes(Layer matrix, Layer entries, ImmutableArray<int> table) =>
        new() { Name = matrix.Name, Input = entries.Name, Output = matrix.Output, Table = table };
}
