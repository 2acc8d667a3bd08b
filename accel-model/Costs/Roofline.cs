// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Costs;

/// <summary>What limits a layer at best.</summary>
public enum RooflineBound
{
    /// <summary>The array's products per cycle.</summary>
    Compute,

    /// <summary>The memory port's bytes per cycle.</summary>
    Memory,

    /// <summary>No products at all.</summary>
    None,
}

/// <summary>A layer's place under the roofline of its design (Williams, Waterman, Patterson, CACM 2009).</summary>
/// <param name="Intensity">Multiply-accumulates per byte of external memory that its schedule moves; 0 where it moves none.</param>
/// <param name="Attainable">Multiply-accumulates per cycle that the roof allows at this intensity.</param>
/// <param name="Achieved">Multiply-accumulates per cycle that the layer reaches.</param>
/// <param name="Bound">Which part of the roof it is under.</param>
public readonly record struct Roofline(double Intensity, double Attainable, double Achieved, RooflineBound Bound)
{
    /// <summary>The place of a layer.</summary>
    public static Roofline Of(AcceleratorSpec accelerator, long macs, LayerTiming timing)
    {
        Traffic t = timing.Traffic;
        long bytes = t.LoadBytes + t.StoreBytes;
        double peak = accelerator.ProductsPerCycle;
        double achieved = timing.Cycles == 0 ? 0 : macs / (double)timing.Cycles;
        if (macs == 0 || bytes == 0)
        {
            return new(0, peak, achieved, macs == 0 ? RooflineBound.None : RooflineBound.Compute);
        }

        double intensity = macs / (double)bytes;
        double bandwidth = intensity * accelerator.Memory.BytesPerCycle;
        return new(intensity, Math.Min(peak, bandwidth), achieved, bandwidth < peak ? RooflineBound.Memory : RooflineBound.Compute);
    }
}
