// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>Finds in the bundle what a bench's line about a difference means: layer, tile, instruction, row, column and channel.</summary>
/// <param name="manifest">The bundle.</param>
/// <param name="overlapped">Whether a run was one of several frames: the frames are the images, and instructions are counted through all of those of a run.</param>
internal sealed class DifferenceReader(BundleManifest manifest, bool overlapped)
{
    private static readonly string[] Events = ["fetch", "start", "end", "completion"];

    /// <summary>The difference that the bench's output tells of; null where it tells of none.</summary>
    public Difference? Read(IEnumerable<string> lines)
    {
        // What the accelerator stored says more than what one requantiser computed.
        string? line = lines.Where(line => line.StartsWith("DIFF ", StringComparison.Ordinal) || line.StartsWith("ERROR ", StringComparison.Ordinal))
            .OrderBy(line => line.Contains(" module=", StringComparison.Ordinal)).FirstOrDefault();
        if (line is null)
        {
            return null;
        }

        BenchLine values = BenchLine.Of(line);
        string kind = line.StartsWith("ERROR ", StringComparison.Ordinal) ? "error" : values.Text("module") is { Length: > 0 } module ? module : values.Text("kind");
        var difference = new Difference
        {
            Kind = kind,
            Line = line,
            Image = values.Number("image"),
            Layer = values.Number("layer") is long layer && layer < manifest.Layers.Length ? manifest.Layers[(int)layer] : null,
            Cycle = values.Number("cycle"),
            Clock = values.Number("clock"),
            Expected = values.Text("expected") is { Length: > 0 } expected ? expected : null,
            Found = values.Text("found") is { Length: > 0 } found ? found : null,
        };
        if (kind is "value" or "cycle" && values.Number("instruction") is not null)
        {
            difference = WithInstruction(difference, values);
        }

        return kind switch
        {
            "value" => WithPlace(difference, values),
            "cycle" => difference with
            {
                Expected = values["expected"] == uint.MaxValue ? "no such instruction" : $"{Events[values["event"]]} in cycle {values["expected"]}",
                Found = $"cycle {values["found"]}",
            },
            _ => difference,
        };
    }

    private Difference WithInstruction(Difference difference, BenchLine values)
    {
        string unit = BenchVectors.UnitNames[(int)values["unit"]];
        string[] program = [.. File.ReadLines(Path.Combine(manifest.Directory, manifest.Listing)).SkipWhile(line => line != unit + ":").Skip(1).TakeWhile(line => line.Length > 0)];
        long instruction = values["instruction"];
        if (overlapped && program.Length > 0)
        {
            int prologue = unit == BenchVectors.UnitNames[0] ? manifest.LoadPrologue : 0;
            (long frame, long within) = Math.DivRem(instruction - prologue, program.Length - prologue);
            difference = difference with { Image = ((difference.Image ?? 0) * manifest.Frames) + (instruction < prologue ? 0 : frame) };
            instruction = instruction < prologue ? instruction : prologue + within;
        }

        if (instruction < 0 || instruction >= program.Length)
        {
            return difference with { Unit = unit, Instruction = instruction };
        }

        string layer = Layer(program[instruction]);
        return difference with
        {
            Unit = unit,
            Instruction = instruction,
            Tile = program.Take((int)instruction).Count(line => Layer(line) == layer),
            Listing = program[instruction].Trim(),
        };

        static string Layer(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
    }

    /// <summary>The first element in which the words differ; where their addresses do, those.</summary>
    private Difference WithPlace(Difference difference, BenchLine values)
    {
        StoredTensor tensor = manifest.Tensors[(int)values["layer"]];
        string expected = values.Text("expected"), found = values.Text("found");
        int wordBytes = tensor.ElementBytes * tensor.WordElements;
        string expectedWord = expected[^(2 * wordBytes)..], foundWord = found[^(2 * wordBytes)..];
        long expectedAddress = Address(expected, wordBytes);
        int element = Enumerable.Range(0, tensor.WordElements).FirstOrDefault(e => Element(expectedWord, e) != Element(foundWord, e));
        Difference placed = Placed(difference, tensor, (expectedAddress * tensor.WordElements) + element);
        return expectedAddress != values["address"]
            ? placed with { Expected = $"address {expectedAddress}", Found = $"address {values["address"]}" }
            : expectedWord == foundWord
                ? placed with { Expected = $"strobes and word {expected}", Found = found }
                : placed with { Expected = Code(expectedWord), Found = Code(foundWord) };

        string Element(string word, int index) => word.Substring(word.Length - (2 * tensor.ElementBytes * (index + 1)), 2 * tensor.ElementBytes);

        string Code(string word) => long.TryParse(Element(word, element), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long bits)
            ? tensor.Code(bits).ToString(CultureInfo.InvariantCulture)
            : $"unknown bits {Element(word, element)}";
    }

    private Difference Placed(Difference difference, StoredTensor tensor, long element)
    {
        bool moves = overlapped && difference.Listing?.Contains(" PerFrame=1", StringComparison.Ordinal) == true;
        element -= moves ? (difference.Image ?? 0) % manifest.Frames * manifest.FrameStride : 0;
        if (tensor.PlaceOf(element) is not var (row, column, channel))
        {
            return difference;
        }

        Dictionary<string, long> fields = (difference.Listing ?? "").Split(' ').Select(word => word.Split('=')).Where(pair => pair.Length == 2)
            .Where(pair => long.TryParse(pair[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
        return difference with { Row = row, Column = column, Channel = channel, ArrayColumn = ArrayColumn(fields, element) };
    }

    /// <summary>The element of the output word that a store writes to an element address: the first pixel and channel that lead there.</summary>
    private static int? ArrayColumn(Dictionary<string, long> store, long element)
    {
        if (!store.TryGetValue("MemoryAddress", out long address))
        {
            return null;
        }

        for (long y = 0; y < store["Rows"]; y++)
        {
            for (long x = 0; x < store["Columns"]; x++)
            {
                for (long c = 0; c < store["Channels"]; c++)
                {
                    if (address + (y * store["RowPitch"]) + (x * store["PixelPitch"]) + (c * store["ChannelPitch"]) == element)
                    {
                        return (int)(store["FirstChannel"] + c);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The top 32 bits of a word of address, strobes and data, whose hex digits begin at the highest bit.</summary>
    private static long Address(string word, int wordBytes)
    {
        int bits = 32 + wordBytes + (8 * wordBytes);
        return BigInteger.TryParse("0" + word, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out BigInteger value) ? (long)(value >> (bits - 32)) : -1;
    }
}
