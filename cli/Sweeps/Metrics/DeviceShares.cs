// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Costs;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Devices;
using RtlExport.Synthesis;

namespace Cli.Sweeps.Metrics;

/// <summary>
/// The metrics <c>device_share.DEVICE</c>: the largest share of any resource of a device that a design takes, <c>max over r of needed_r / max(available_r, 1)</c>. A design fits where it is
/// at most 1, which is what the constraint <c>fits(DEVICE)</c> asks.
/// </summary>
public static class DeviceShares
{
    /// <summary>Begins their names.</summary>
    public const string Prefix = "device_share.";

    private static readonly ConcurrentDictionary<string, Metric> Known = new();

    /// <summary>The metric of a device; null after saying what is wrong with its name.</summary>
    public static Metric? Find(string device, out string problem)
    {
        problem = "";
        if (Known.TryGetValue(device, out Metric? known))
        {
            return known;
        }

        IReadOnlyList<string> names = DeviceCatalogue.Names;
        if (!names.Contains(device))
        {
            problem = $"unknown device, found '{device}'{NearestName.Suggestion(device, names)}, allowed {string.Join(", ", names)}";
            return null;
        }

        Device part = DeviceCatalogue.Load(device);
        SynthesisTarget family = SynthesisTarget.Find(part.Target)!;
        return Known.GetOrAdd(device, _ => new(Prefix + device, "share of " + device, "", MetricSource.Design, _ => null)
        {
            IsOnDemand = true, IsFraction = true, IsBounded = false, Units = MetricTable.Share, Family = family, OfDesign = design => Of(part, DesignArea.Of(design, family).Resources),
        });
    }

    /// <summary>The largest share of a resource.</summary>
    public static double Of(Device device, FpgaResources design) => device.Shares(design).Max(share => share.Needed / Math.Max(share.Available, 1));
}
