// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Parameters;

/// <summary>Writes the register map for people, <c>accel_registers.md</c>, and for C drivers, <c>accel_registers.h</c>.</summary>
public static class RegisterDocuments
{
    private const string Prefix = "ACCEL_";

    /// <summary>The page: a table of registers, and a table of their fields.</summary>
    public static string Markdown(RtlParameters parameters, BundleStamp stamp)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Registers of the accelerator '{parameters.Spec.Name}'\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`configuration_sha256` {stamp.ConfigurationSha256}\n\n`hardware_sha256` {stamp.HardwareSha256}\n\n");
        text.Append("32-bit words on the AXI4-Lite port of `accelerator_axi`, written whole. Offsets in bytes. Anything else answers SLVERR and changes nothing: another offset, some strobes only, a write to a register\n");
        text.Append("that is read only; and while `Status.Busy` is set, a write to `Control`, to a base, to a number of words or to the program registers.\n\n");
        text.Append("| offset | register | access | meaning |\n|---|---|---|---|\n");
        foreach (AcceleratorRegister register in RegisterMap.Registers)
        {
            text.Append(CultureInfo.InvariantCulture, $"| 0x{register.Offset:x2} | `{register.Name}` | {Access(register.Access)} | {register.Meaning} |\n");
        }

        text.Append("\n| register | bits | field | meaning |\n|---|---|---|---|\n");
        foreach ((AcceleratorRegister register, RegisterField field) in RegisterMap.Registers.SelectMany(register => register.Fields, (register, field) => (register, field)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{register.Name}` | {Bits(field)} | `{field.Name}` | {field.Meaning} |\n");
        }

        text.Append("\nAfter reset every register that can be written is zero.\n");
        return text.ToString();
    }

    /// <summary>The header: an offset per register, position and width per field, and both hashes as words.</summary>
    public static string C(RtlParameters parameters, BundleStamp stamp)
    {
        var text = new StringBuilder("// SPDX-License-Identifier: Apache-2.0\n");
        text.Append(CultureInfo.InvariantCulture, $"// Registers of the accelerator '{parameters.Spec.Name}': byte offsets, and lowest bit and width of each field. accel_registers.md explains them.\n");
        text.Append(CultureInfo.InvariantCulture, $"// configuration_sha256 {stamp.ConfigurationSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"#ifndef {Prefix}REGISTERS_H\n#define {Prefix}REGISTERS_H\n");
        foreach (HardwareParameter parameter in RegisterMap.Parameters())
        {
            text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}{parameter.MacroName} {parameter.Text}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}HARDWARE_HASH_WORDS {{ {Words(stamp.HardwareSha256)} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}CONFIGURATION_HASH_WORDS {{ {Words(stamp.ConfigurationSha256)} }}\n");
        return text.Append("#endif\n").ToString();
    }

    private static string Words(string hash) => string.Join(", ", hash.Chunk(8).Select(digits => $"0x{new string(digits)}u"));

    private static string Bits(RegisterField field) => field.Width == 1
        ? field.Lsb.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{field.Lsb + field.Width - 1}..{field.Lsb}");

    private static string Access(RegisterAccess access) => access switch
    {
        RegisterAccess.Read => "read",
        RegisterAccess.ReadWrite => "read, write",
        RegisterAccess.WriteOneToClear => "read, write one to clear",
        _ => "write",
    };
}
