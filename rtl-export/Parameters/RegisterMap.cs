// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Parameters;

/// <summary>What a driver may do with a register.</summary>
public enum RegisterAccess
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Read and write.</summary>
    ReadWrite,

    /// <summary>Read; writing one to a bit clears it.</summary>
    WriteOneToClear,

    /// <summary>Write; reading answers an error.</summary>
    Write,
}

/// <summary>Bits of a register.</summary>
/// <param name="Name">Name in upper camel case.</param>
/// <param name="Lsb">Lowest bit.</param>
/// <param name="Width">Bits.</param>
/// <param name="Meaning">One phrase.</param>
public sealed record RegisterField(string Name, int Lsb, int Width, string Meaning);

/// <summary>One 32-bit register of the accelerator on a system bus.</summary>
/// <param name="Name">Name in upper camel case.</param>
/// <param name="Offset">Byte offset.</param>
/// <param name="Access">What a driver may do.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Fields">Its fields; empty where the word is one number.</param>
public sealed record AcceleratorRegister(string Name, int Offset, RegisterAccess Access, string Meaning, ImmutableArray<RegisterField> Fields);

/// <summary>
/// The registers of <c>accelerator_axi</c>: the one table that the SystemVerilog package, <c>accel_registers.h</c> and <c>accel_registers.md</c> are written from. The same for every design.
/// </summary>
public static class RegisterMap
{
    /// <summary>What the register <c>Identification</c> reads: "CDAX" in ASCII.</summary>
    public const int IdentificationValue = 0x43444158;

    /// <summary>What the register <c>Version</c> reads; raised with every change of the table.</summary>
    public const int VersionValue = 1;

    /// <summary>32-bit words of a hash.</summary>
    private const int HashWords = 8;

    private static readonly RegisterField Done = new("Done", 0, 1, "the command has ended"), Error = new("Error", 1, 1, "an error was seen");

    /// <summary>All registers in the order of their offsets.</summary>
    public static ImmutableArray<AcceleratorRegister> Registers { get; } =
    [
        new("Identification", 0x00, RegisterAccess.Read, "0x43444158, \"CDAX\" in ASCII.", []),
        new("Version", 0x04, RegisterAccess.Read, "Version of this table: 1.", []),
        new("Control", 0x08, RegisterAccess.Write, "Begins a command; with both bits, the run follows the load, unless the load met an error.",
            [new("Start", 0, 1, "run the programs"), new("Load", 1, 1, "read the programs from memory")]),
        new("Status", 0x0C, RegisterAccess.Read, "Where the command is.",
            [new("Busy", 0, 1, "a command is at work"), Done with { Lsb = 1, Meaning = "the last command has ended; cleared by the next" }, Error with { Lsb = 2, Meaning = "a bit of ErrorStatus is set" }]),
        new("InterruptEnable", 0x10, RegisterAccess.ReadWrite, "Which interrupts drive the interrupt port.", [Done, Error]),
        new("InterruptStatus", 0x14, RegisterAccess.WriteOneToClear, "Interrupts that happened, enabled or not.", [Done, Error]),
        new("ErrorStatus", 0x18, RegisterAccess.WriteOneToClear, "Errors of the memory bus since they were cleared.",
            [new("Read", 0, 1, "SLVERR or DECERR to a read"), new("Write", 1, 1, "SLVERR or DECERR to a write"), new("Range", 2, 1, "a word outside the region, which never reaches the bus")]),
        new("ErrorAddress", 0x1C, RegisterAccess.Read, "Memory word of the first error since all were clear: of a write the first word of its burst.", []),
        new("MemoryBaseLow", 0x20, RegisterAccess.ReadWrite, "Bus address of memory word 0, bits 31..0; a multiple of 4096, bits 11..0 read zero.", []),
        new("MemoryBaseHigh", 0x24, RegisterAccess.ReadWrite, "The same, bits 63..32; bits that the bus does not have read zero.", []),
        new("MemoryWords", 0x28, RegisterAccess.ReadWrite, "Memory words of the region. It is read up to a burst ahead, never beyond its end.", []),
        new("ProgramBaseLow", 0x30, RegisterAccess.ReadWrite, "Bus address of the program image, like MemoryBaseLow.", []),
        new("ProgramBaseHigh", 0x34, RegisterAccess.ReadWrite, "The same, bits 63..32.", []),
        new("ProgramWords", 0x38, RegisterAccess.ReadWrite, "32-bit words of the program image.", []),
        new("ProgramAddress", 0x40, RegisterAccess.ReadWrite, "Host address of the next ProgramData; moves on with each.", []),
        new("ProgramData", 0x44, RegisterAccess.Write, "A word of a program, a length, a count of tokens, a number of the run.", []),
        new("CyclesLow", 0x48, RegisterAccess.Read, "Clock cycles of the last run, from its start until the last write has its response; reading it holds CyclesHigh.", []),
        new("CyclesHigh", 0x4C, RegisterAccess.Read, "The upper half, of the moment at which CyclesLow was read.", []),
        .. Enumerable.Range(0, HashWords).Select(word => new AcceleratorRegister($"HardwareHash{word}", 0x60 + (4 * word), RegisterAccess.Read,
            $"hardware_sha256, digits {(8 * word) + 1} to {8 * (word + 1)}: equal hardware runs the same programs.", [])),
        .. Enumerable.Range(0, HashWords).Select(word => new AcceleratorRegister($"ConfigurationHash{word}", 0x80 + (4 * word), RegisterAccess.Read,
            $"configuration_sha256, digits {(8 * word) + 1} to {8 * (word + 1)}, of the export that the hardware was built from.", [])),
    ];

    /// <summary>The constants of the package and of the C header: an offset per register, position and width per field.</summary>
    public static IEnumerable<HardwareParameter> Parameters()
    {
        yield return new("RegisterIdentificationValue", ParameterType.Int, IdentificationValue, "what Identification reads");
        yield return new("RegisterVersionValue", ParameterType.Int, VersionValue, "what Version reads");
        foreach (AcceleratorRegister register in Registers)
        {
            yield return new("Register" + register.Name, ParameterType.Int, register.Offset, "byte offset");
            foreach (RegisterField field in register.Fields)
            {
                yield return new($"Register{register.Name}{field.Name}Lsb", ParameterType.Int, field.Lsb, "");
                yield return new($"Register{register.Name}{field.Name}Width", ParameterType.Int, field.Width, "");
            }
        }
    }
}
