// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>Shapes of the array's instructions: first and last tiles, rows, columns and single pixels, masked vectors and missing channels.</summary>
internal static class TileCorners
{
    private const string Group = "tiles";

    /// <summary>The corners of all programs.</summary>
    public static IEnumerable<CornerCoverage> Of(AcceleratorSpec spec, IReadOnlyList<CoveredProgram> programs)
    {
        (string Place, MatmulInstruction Matmul, int Tile, int Tiles)[] all = [.. programs.Where(program => program.Frames == 1).SelectMany(Matmuls)];
        CornerCoverage Count(string corner, Func<MatmulInstruction, int, int, bool> hits, string? reason = null) =>
            CornerCount.Of(Group, corner, all.Where(place => hits(place.Matmul, place.Tile, place.Tiles)).Select(place => place.Place), reason);
        int vector = spec.VectorElements;
        bool columnFilter = spec.Array.ColumnFilter, factors = spec.Array.ActivationWeights, codebook = spec.Array.ProcessingElement == ProcessingElementKind.Codebook;
        bool oneDigit = spec.Array.ProcessingElement == ProcessingElementKind.BitSerial || spec.DigitWidth >= spec.Requantizer.ElementWidth;
        yield return Count("first of several tiles of a layer", (_, tile, tiles) => tiles > 1 && tile == 0);
        yield return Count("last of several tiles of a layer", (_, tile, tiles) => tiles > 1 && tile == tiles - 1);
        yield return Count("the only tile of a layer", (_, _, tiles) => tiles == 1);
        yield return Count("one row of pixels", (matmul, _, _) => matmul is { Rows: 1, Columns: > 1 });
        yield return Count("one column of pixels", (matmul, _, _) => matmul is { Rows: > 1, Columns: 1 });
        yield return Count("one pixel", (matmul, _, _) => matmul is { Rows: 1, Columns: 1 });
        yield return Count("a rectangle of pixels", (matmul, _, _) => matmul is { Rows: > 1, Columns: > 1 });
        yield return Count("last vector masked in part", (matmul, _, _) => matmul.LastTileElements > 0 && matmul.LastTileElements < vector, vector == 1 ? "a vector has one element" : null);
        yield return Count("last vector whole", (matmul, _, _) => matmul.LastTileElements == 0 || matmul.LastTileElements == vector);
        yield return Count("fewer channels than columns", (matmul, _, _) => matmul.Channels % spec.Array.Columns != 0, spec.Array.Columns == 1 ? "array.columns is 1" : null);
        yield return Count("all columns", (matmul, _, _) => matmul.Channels % spec.Array.Columns == 0);
        yield return Count("several segments of each digit", (matmul, _, _) => matmul.Segments > matmul.Digits);
        yield return Count("one segment of each digit", (matmul, _, _) => matmul.Segments == matmul.Digits);
        yield return Count("more than one digit", (matmul, _, _) => matmul.Digits > 1, oneDigit ? "every element fits one digit" : null);
        yield return Count("added to sums of another instruction", (matmul, _, _) => matmul.Accumulate);
        yield return Count("column filter", (matmul, _, _) => matmul.ColumnFilter, columnFilter ? null : "array.column_filter is false");
        string? noFactors = factors ? null : "array.activation_weights is false";
        yield return Count("weights from the factor buffer", (matmul, _, _) => matmul.ActivationWeights, noFactors);
        yield return Count("of them, last vector masked in part", (matmul, _, _) => matmul.ActivationWeights && matmul.LastTileElements > 0 && matmul.LastTileElements < vector, noFactors ?? (vector == 1 ? "a vector has one element" : null));
        yield return Count("of them, fewer channels than columns", (matmul, _, _) => matmul.ActivationWeights && matmul.Channels % spec.Array.Columns != 0, noFactors ?? (spec.Array.Columns == 1 ? "array.columns is 1" : null));
        yield return Count("of them, several segments of each digit", (matmul, _, _) => matmul.ActivationWeights && matmul.Segments > matmul.Digits, noFactors);
        string? noOffsets = spec.Array.HasOperandOffsets ? null : "array.operand_offsets is false";
        string? noRoom = noOffsets ?? (spec.Array.ActivationWidth <= 2 ? "array.activation_width leaves no room for an offset" : null);
        yield return Count("offset above zero of activations", (matmul, _, _) => matmul.ActivationOffset > 0, noRoom);
        yield return Count("offset below zero of activations", (matmul, _, _) => matmul.ActivationOffset < 0, noRoom ?? (spec.Array.ActivationSigned ? null : "operands are not signed"));
        yield return Count("offset above zero of factors", (matmul, _, _) => matmul.WeightOffset > 0, noOffsets);
        yield return Count("offset below zero of factors", (matmul, _, _) => matmul.WeightOffset < 0, noOffsets);
        yield return Count("table of a codebook", (matmul, _, _) => matmul.TableLines > 0, codebook ? null : "array.processing_element is not codebook");
    }

    private static IEnumerable<(string, MatmulInstruction, int, int)> Matmuls(CoveredProgram program)
    {
        Dictionary<int, int> tiles = program.Schedule.Array.CountBy(matmul => matmul.Layer).ToDictionary(), seen = [];
        for (int i = 0; i < program.Schedule.Array.Length; i++)
        {
            MatmulInstruction matmul = program.Schedule.Array[i];
            int tile = seen.GetValueOrDefault(matmul.Layer);
            seen[matmul.Layer] = tile + 1;
            yield return (FormattableString.Invariant($"{program.Name}, array instruction {i}"), matmul, tile, tiles[matmul.Layer]);
        }
    }
}
