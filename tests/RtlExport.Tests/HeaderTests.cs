// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AccelModel.Numerics;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Do the tools that the headers are for read every constant out of them as the design has it?</summary>
public sealed class HeaderTests
{
    private static Sample Small { get; } = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp));

    private static IReadOnlyList<HardwareParameter> Constants { get; } = [.. Parameters.Hardware, .. Parameters.Fields];

    private static RtlParameters Parameters => RtlParameters.Of(Small.Schedule.Accelerator, 1);

    [Fact]
    public void A_c_and_a_cpp_program_see_every_constant()
    {
        foreach ((string compiler, string suffix) in new[] { ("gcc", "c"), ("g++", "cpp") })
        {
            using var folder = new TemporaryFolder();
            string bundle = Small.Write(folder);
            string prints = string.Concat(Constants.Select(c => $"  printf(\"{c.Name}=%d\\n\", ACCEL_{c.MacroName});\n"));
            string source = $"#include <stdio.h>\n#include \"accel_params.h\"\n#include \"accel_params.h\"\nint main(void) {{\n{prints}  puts(ACCEL_CONFIGURATION_SHA256);\n  return 0;\n}}\n";
            File.WriteAllText(folder.At("show." + suffix), source);
            Succeed(compiler, compiler, folder.Path, "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", bundle, "-o", folder.At("show"), folder.At("show." + suffix));
            Assert.Equal(Expected, Succeed(folder.At("show"), "", folder.Path));
        }
    }

    [Fact]
    public void Tcl_reads_every_constant_and_the_period_of_the_clock()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        File.WriteAllText(folder.At("show.tcl"), """
            proc get_ports {name} { return "port $name" }
            proc create_clock {args} { set ::clock $args }
            source [file join [lindex $argv 0] params.tcl]
            source [file join [lindex $argv 0] constraints.xdc]
            foreach name [lrange $argv 1 end] { puts "$name=$accel($name)" }
            puts $accel_configuration_sha256
            puts [array size accel]
            puts $accel_name
            puts $clock
            """);
        string output = Succeed("tclsh", "tcl", folder.Path, [folder.At("show.tcl"), bundle, .. Constants.Select(c => c.Name)]);
        string clock = FormattableString.Invariant($"-name clk_i -period {1000 / Small.Schedule.Accelerator.ClockMhz:0.000} {{port clk_i}}");
        Assert.Equal(Expected + FormattableString.Invariant($"{Constants.Count}\n{Small.Schedule.Accelerator.Name}\n{clock}\n"), output);
    }

    [Fact]
    public void Icarus_includes_both_headers_and_sees_every_constant()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        var source = new StringBuilder("`include \"accel_params.vh\"\nmodule show;\n`include \"accel_params.svh\"\n  initial begin\n");
        foreach (HardwareParameter constant in Constants)
        {
            source.Append(CultureInfo.InvariantCulture, $"    if (`ACCEL_{constant.MacroName} !== {constant.Name}) $display(\"{constant.Name} differs\");\n");
            source.Append(CultureInfo.InvariantCulture, $"    $display(\"{constant.Name}=%0d\", {constant.Name});\n");
        }

        source.Append("    if (`ACCEL_HARDWARE_SHA256 !== HardwareSha256) $display(\"HardwareSha256 differs\");\n    $display(\"%064x\", ConfigurationSha256);\n  end\nendmodule\n");
        File.WriteAllText(folder.At("show.sv"), source.ToString());
        Succeed("iverilog", "iverilog", folder.Path, "-g2012", "-I", bundle, "-s", "show", "-o", folder.At("show.vvp"), folder.At("show.sv"));

        // A bit constant prints as a bit; %0d of one is 0 or 1 all the same.
        Assert.Equal(Expected, Succeed("vvp", "iverilog", folder.Path, "-n", folder.At("show.vvp")));
    }

    [Fact]
    public void The_period_is_never_longer_than_that_of_the_clock()
    {
        Assert.Equal("3.333", ClockConstraints.Period(300));
        Assert.Equal("1.499", ClockConstraints.Period(667));
        Assert.Equal("10.000", ClockConstraints.Period(100));
    }

    private static string Expected => string.Concat(Constants.Select(c => FormattableString.Invariant($"{c.Name}={c.Value}\n"))) + Bundles.Configuration + "\n";

    private static string Succeed(string program, string package, string folder, params string[] arguments)
    {
        ToolRun run = ExternalTool.Run(package == "" ? program : ExternalTool.Require(program, package), arguments, folder, TimeSpan.FromMinutes(2));
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }
}
