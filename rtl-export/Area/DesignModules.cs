// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using RtlExport.Parameters;

namespace RtlExport.Area;

/// <summary>Collects the modules of a design.</summary>
internal sealed class DesignModules
{
    private readonly Dictionary<string, long> _package;
    private readonly List<ModuleUse> _uses = [];

    public DesignModules(RtlParameters parameters) => _package = PackageOf(parameters);

    public IReadOnlyList<ModuleUse> Uses => _uses;

    /// <summary>A constant of the design.</summary>
    public long this[string name] => _package[name];

    /// <summary>The constants that areas depend on: all of the hardware, and of the instruction words their lengths and the fields whose width a module has.</summary>
    public static Dictionary<string, long> PackageOf(RtlParameters parameters)
    {
        var package = new Dictionary<string, long>(parameters.Hardware.Length + 16);
        foreach (HardwareParameter parameter in parameters.Hardware)
        {
            package[parameter.Name] = parameter.Value;
        }

        foreach (InstructionFormat format in parameters.Instructions.Formats)
        {
            package[format.Prefix + "Width"] = format.Width;
            package[format.Prefix + "Words"] = format.Words;
        }

        package["MatmulLastTileElementsWidth"] = InstructionSet.AddressWidth(parameters.Spec.VectorElements + 1);
        return package;
    }

    public void Add(string module, long count = 1, params (string Name, long Value)[] parameters)
    {
        if (count > 0)
        {
            _uses.Add(new(module, new(parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value), _package), count));
        }
    }

    public void DelayLine(long width, long stages, long count = 1) => Add("delay_line", count, ("Width", width), ("Stages", stages));

    public void ControlLine(long width, long stages) => Add("control_line", 1, ("Width", width), ("Stages", stages));

    public void Ram(long width, long depth, long count = 1) => Add("ram", count, ("Width", width), ("Depth", depth));

    public void OverflowAdder(long width, long addend, bool saturate, long count) =>
        Add("overflow_adder", count, ("Width", width), ("AddendWidth", addend), ("Saturate", saturate ? 1 : 0));

    public void LineBuffer(long lines, long wordWidth, long words, long selectWidth)
    {
        Add("line_buffer", 1, ("Lines", lines), ("WordWidth", wordWidth), ("LineWords", words), ("WordSelectWidth", selectWidth));
        Ram(wordWidth, lines, words);
    }

    public void ElementBuffer(long size, long readElements, long addressWidth, string module = "element_buffer")
    {
        Add(module, 1, ("Size", size), ("ReadElements", readElements), ("AddressWidth", addressWidth));
        long banks = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(readElements, this["ElementsPerWord"]));
        Ram(this["RequantizerElementWidth"], (size + banks - 1) / banks, banks);
    }
}
