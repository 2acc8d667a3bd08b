// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Costs;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign devices</c>: the devices that a design can be held against.</summary>
public static class DevicesCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new Command("devices", "List the FPGA devices that area and synth can hold a design against, with the source of each figure.").Does((_, context) =>
    {
        IReadOnlyList<Device> devices = DeviceCatalogue.All;
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Devices = devices.Select(device => new
                    {
                        device.Name,
                        device.Title,
                        device.Target,
                        device.Resources.Lut,
                        Ff = device.Resources.FlipFlops,
                        device.Resources.Dsp,
                        Bram = device.Resources.BlockRam,
                        device.Source,
                    }),
                },
                RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(
            Table.Of(devices,
            [
                new("device", "", device => device.Name),
                new("part", "", device => device.Title),
                new("target", "", device => device.Target),
                new("LUT", "", device => (long)device.Resources.Lut),
                new("FF", "", device => (long)device.Resources.FlipFlops),
                new("DSP", "", device => (long)device.Resources.Dsp),
                new("BRAM", "", device => (long)device.Resources.BlockRam),
                new("source", "", device => device.Source),
            ]),
            TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    });
}
