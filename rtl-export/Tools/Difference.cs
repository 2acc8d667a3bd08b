// SPDX-License-Identifier: Apache-2.0
using RtlExport.Corners;

namespace RtlExport.Tools;

/// <summary>Where a simulator first differs from the model. What does not belong to a kind of difference is null.</summary>
public sealed record Difference
{
    /// <summary>
    /// <c>value</c>: a stored code or address; <c>cycle</c>: an event; <c>words</c>: the number of words that a layer stores; <c>cycles</c>: those of the inference; <c>unknown</c>: an X; <c>hang</c>,
    /// <c>protocol</c>; the name of a module's vectors; <c>error</c>: the bench refused to start; <c>none</c>: it came to no verdict.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The directed network in which it showed; null in the bundle's own.</summary>
    public string? Network { get; init; }

    /// <summary>The image.</summary>
    public long? Image { get; init; }

    /// <summary>Name of the layer.</summary>
    public string? Layer { get; init; }

    /// <summary>The unit whose instruction it was.</summary>
    public string? Unit { get; init; }

    /// <summary>Which of the unit's instructions for this layer, from 0.</summary>
    public int? Tile { get; init; }

    /// <summary>Position in the unit's program.</summary>
    public long? Instruction { get; init; }

    /// <summary>The instruction as <c>programs.txt</c> lists it.</summary>
    public string? Listing { get; init; }

    /// <summary>Cycle of the inference in which it showed.</summary>
    public long? Cycle { get; init; }

    /// <summary>Rising clock edges since the simulation began, by which a waveform finds the cycle.</summary>
    public long? Clock { get; init; }

    /// <summary>Row in the layer's output.</summary>
    public int? Row { get; init; }

    /// <summary>Column in the layer's output.</summary>
    public int? Column { get; init; }

    /// <summary>Channel of the layer's output.</summary>
    public int? Channel { get; init; }

    /// <summary>Column of the array that it came from.</summary>
    public int? ArrayColumn { get; init; }

    /// <summary>What was expected.</summary>
    public string? Expected { get; init; }

    /// <summary>What was found.</summary>
    public string? Found { get; init; }

    /// <summary>The bench's own words.</summary>
    public required string Line { get; init; }

    /// <summary>One sentence.</summary>
    public override string ToString()
    {
        if (Kind is "error" or "none" || ModuleVectors.Names.Contains(Kind))
        {
            return Line;
        }

        List<string> places = [];
        Add("directed network", Network);
        Add("image", Image);
        Add("layer", Layer);
        Add("unit", Unit);
        Add("tile", Tile);
        Add("cycle", Cycle);
        Add("row", Row);
        Add("column", Column);
        Add("channel", Channel);
        Add("array column", ArrayColumn);
        string what = Expected is null ? Line : $"expected {Expected}, found {Found}";
        return $"{Kind}: {string.Join(", ", places)}: {what}{(Listing is null ? "" : $"\n  instruction {Unit} {Listing}")}";

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                places.Add(FormattableString.Invariant($"{name} {value}"));
            }
        }
    }
}
