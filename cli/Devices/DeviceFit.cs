// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Costs;
using Cli.CommandLine;

namespace Cli.Devices;

/// <summary>Whether a device holds a design, said for people and as JSON.</summary>
public static class DeviceFit
{
    /// <summary>Whether every resource suffices.</summary>
    public static bool Fits(Device device, FpgaResources design) => device.Shares(design).All(share => share.Excess == 0);

    /// <summary>For JSON: fits, and each resource with its utilisation and what is too much of it.</summary>
    public static object Summary(Device device, FpgaResources design) => new
    {
        device.Name,
        Fits = Fits(device, design),
        Resources = device.Shares(design).ToDictionary(share => share.Resource, share => new
        {
            share.Needed,
            share.Available,
            Utilization = double.IsFinite(share.Utilization) ? share.Utilization : (double?)null,
            share.Excess,
        }),
    };

    /// <summary>One line that it fits, or an error for each resource that does not suffice; <paramref name="bias"/> says how far the tool is from the vendor's.</summary>
    public static void Print(Device device, FpgaResources design, string? bias, CommandContext context)
    {
        string shares = string.Join(", ", device.Shares(design).Where(share => double.IsFinite(share.Utilization))
            .Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Resource.ToUpperInvariant()} {share.Utilization:P0}")));
        bool fits = Fits(device, design);
        context.Output.WriteLine($"{device.Name} ({device.Title}): {(fits ? "fits" : "does not fit")}: {shares}");
        foreach (DeviceShare share in device.Shares(design).Where(share => share.Excess > 0))
        {
            context.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"{device.Name}: too few {share.Resource.ToUpperInvariant()}, found {share.Needed:N0}, allowed {share.Available:N0}: {share.Excess:N0} too many"));
        }

        if (bias is not null)
        {
            context.Output.WriteLine($"note: {bias}");
        }
    }
}
