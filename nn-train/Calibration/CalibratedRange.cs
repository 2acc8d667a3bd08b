// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Calibration;

/// <summary>
/// A range that is found once, from the weights or from what calibration images make of a layer, and then stays: <c>u = x / s</c>, s by a clipping rule for each group, snapped by the scale rule.
/// With variance correction (ACIQ, Banner et al. 2019, section 4) codes have the value <c>s xi</c>, <c>xi = sigma(w) / sigma(s c)</c> of the group, so that rounding does not change the variance
/// of its weights. s and xi are constants in the backward pass.
/// </summary>
public sealed class CalibratedRange : RangeEstimator
{
    private readonly IGrid grid;
    private readonly QuantizerSpec spec;
    private readonly IClippingRule rule;
    private readonly ScaleGroups groups;
    private readonly Tensor step;
    private readonly Tensor? gain;

    /// <summary>Steps of 1, to be set by <see cref="Initialize"/>.</summary>
    public CalibratedRange(IGrid grid, QuantizerSpec spec, IClippingRule rule, ScaleGroups groups)
        : base(nameof(CalibratedRange))
    {
        this.grid = grid;
        this.spec = spec;
        this.rule = rule;
        this.groups = groups;
        step = ones(groups.Shape);
        gain = spec.VarianceCorrection ? ones(groups.Shape) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        Tensor used = (grid.Lowest < 0 ? x : x.relu()).to_type(float32);
        Tensor[] shares = groups.Count == 1 ? [used] : [.. Enumerable.Range(0, (int)groups.Count).Select(group => used.narrow(0, group, 1))];
        float[] steps = [.. shares.Select(share => (float)OfValues(rule.StepOf(new CalibrationSample(share, grid, spec.Rounding, spec.Scale))))];
        step.copy_(ScaleRules.Snap(tensor(steps, groups.Shape), spec.Scale));
        if (gain is not null)
        {
            float[] snapped = step.data<float>().ToArray();
            gain.copy_(tensor([.. shares.Select((share, group) => (float)VarianceRatio(share, snapped[group]))], groups.Shape));
        }
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(x / step, gain is null ? step : step * gain);

    /// <summary>Where all values are 0 any step holds them: 1 is one whose ratio to others a multiplier holds, too.</summary>
    private static double OfValues(double step) => step == 0 ? 1 : Math.Max(step, LeastStep);

    private double VarianceRatio(Tensor share, float ofStep)
    {
        Tensor codes = grid.Project((share / ofStep).clamp((double)grid.Lowest, (double)grid.Highest), spec.Rounding);
        double rounded = (codes * ofStep).std(false).item<float>();
        return rounded > 0 ? share.std(false).item<float>() / rounded : 1;
    }
}
