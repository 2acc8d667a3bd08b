// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Numerics;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Is the register map one table in every language, and does a driver in C get the accelerator to run?</summary>
public sealed class RegisterMapTests
{
    private const int RegisterBytes = 4;

    private static Sample Small { get; } = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp));

    [Fact]
    public void Registers_and_fields_lie_apart()
    {
        int[] offsets = [.. RegisterMap.Registers.Select(register => register.Offset)];
        Assert.Equal(offsets.Order().Distinct(), offsets);
        Assert.All(offsets, offset => Assert.Equal(0, offset % RegisterBytes));
        Assert.All(offsets, offset => Assert.InRange(offset, 0, (1 << AxiParameters.LiteAddressWidth) - RegisterBytes));
        foreach (AcceleratorRegister register in RegisterMap.Registers)
        {
            int[] bits = [.. register.Fields.SelectMany(field => Enumerable.Range(field.Lsb, field.Width))];
            Assert.Equal(bits.Distinct(), bits);
            Assert.All(bits, bit => Assert.InRange(bit, 0, 31));
        }
    }

    /// <summary>Only where the table says that a field is, the modules may look for it: every register and field is used by its name.</summary>
    [Fact]
    public void The_modules_spell_every_register_as_the_table_does()
    {
        string modules = string.Concat(Vectors.RtlSources.BusModules.Select(name => Vectors.RtlSources.Read("axi/" + name)));
        foreach (AcceleratorRegister register in RegisterMap.Registers.Where(register => !register.Name.Contains("Hash", StringComparison.Ordinal)))
        {
            Assert.Contains($"accel_pkg::Register{register.Name}", modules, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_c_program_sees_the_offsets_fields_and_hashes_of_the_package()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        HardwareParameter[] constants = [.. RegisterMap.Parameters()];
        string prints = string.Concat(constants.Select(c => $"  printf(\"  localparam int {c.Name} = %d;\\n\", ACCEL_{c.MacroName});\n"));
        File.WriteAllText(folder.At("show.c"),
            $"#include <stdio.h>\n#include \"accel_registers.h\"\n#include \"accel_registers.h\"\nint main(void) {{\n  static const unsigned hash[] = ACCEL_HARDWARE_HASH_WORDS;\n{prints}"
            + "  for (int i = 0; i < 8; i++) printf(\"%08x\", hash[i]);\n  return 0;\n}\n");
        Succeed("gcc", folder, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", bundle, "-o", folder.At("show"), folder.At("show.c"));
        string[] printed = Succeed(folder.At("show"), folder).TrimEnd().Split('\n');

        string[] package = [.. File.ReadAllLines(Path.Combine(bundle, "accel_pkg.sv")).Select(line => line.Split("  //")[0])];
        Assert.All(printed[..^1], line => Assert.Contains(line, package));
        Assert.Equal(constants.Length, printed.Length - 1);
        Assert.Equal(BundleManifest.Read(bundle).HardwareSha256, printed[^1]);
    }

    [Fact]
    public void The_page_lists_every_register_and_field()
    {
        using var folder = new TemporaryFolder();
        string page = File.ReadAllText(Path.Combine(Small.Write(folder), "accel_registers.md"));
        foreach (AcceleratorRegister register in RegisterMap.Registers)
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| 0x{register.Offset:x2} | `{register.Name}` |"), page, StringComparison.Ordinal);
            Assert.All(register.Fields, field => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| `{register.Name}` | {field.Lsb} | `{field.Name}` |"), page, StringComparison.Ordinal));
        }
    }

    /// <summary>The example of docs/rtl.md, on an array that stands for the registers: what it writes, and what it makes of what it reads.</summary>
    [Fact]
    public void The_driver_of_the_page_writes_blocks_and_refuses_other_hardware()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder), page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "rtl.md"));
        string driver = page.Split("```c\n")[1].Split("```")[0];
        File.WriteAllText(folder.At("drive.c"), driver + $$"""
            #include <stdio.h>
            static uint32_t registers[256];
            int main(void) {
              static const uint32_t hash[] = ACCEL_HARDWARE_HASH_WORDS;
              uint64_t cycles;
              printf("%d ", accel_is_mine(registers));
              registers[0] = {{RegisterMap.IdentificationValue}};
              registers[1] = {{RegisterMap.VersionValue}};
              for (int i = 0; i < 8; i++) registers[0x60 / 4 + i] = hash[i];
              printf("%d ", accel_is_mine(registers));
              registers[0x60 / 4 + 7] ^= 1;
              printf("%d\n", accel_is_mine(registers));
              accel_set_memory(registers, 0x1234567000u, 99);
              printf("%x %x %u\n", registers[0x20 / 4], registers[0x24 / 4], registers[0x28 / 4]);
              accel_write_block(registers, 2u << 28, hash, 3);
              printf("%x %d\n", registers[0x40 / 4], registers[0x44 / 4] == hash[2]);
              registers[0x0C / 4] = 2;
              registers[0x48 / 4] = 5;
              registers[0x4C / 4] = 1;
              printf("%x ", accel_run(registers, &cycles));
              printf("%llu %u\n", (unsigned long long)cycles, registers[0x08 / 4]);
              return 0;
            }
            """);
        Succeed("gcc", folder, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", bundle, "-o", folder.At("drive"), folder.At("drive.c"));

        Assert.Equal("0 1 0\n34567000 12 99\n20000000 1\nffffffff 4294967301 1\n", Succeed(folder.At("drive"), folder));
    }

    private static string Succeed(string program, TemporaryFolder folder, params string[] arguments)
    {
        ToolRun run = ExternalTool.Run(program.Contains('/') ? program : ExternalTool.Require(program, program), arguments, folder.Path, TimeSpan.FromMinutes(1));
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }
}
