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

    public static Dictionary<string, long> PackageOf(RtlParameters parameters) =>
        parameters.Hardware.Concat(parameters.Fields).ToDictionary(parameter => parameter.Name, parameter => (long)parameter.Value);

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

    public void ElementBuffer(long size, long readElements, long addressWidth)
    {
        Add("element_buffer", 1, ("Size", size), ("ReadElements", readElements), ("AddressWidth", addressWidth));
        long banks = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(readElements, this["ElementsPerWord"]));
        Ram(this["RequantizerElementWidth"], (size + banks - 1) / banks, banks);
    }
}
