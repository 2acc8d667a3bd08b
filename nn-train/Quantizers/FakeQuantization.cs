// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Quantizers;

/// <summary>
/// The two formulas of <see cref="Quantizer"/> where <c>u = x / s</c> and the grid is uniform, each in one pass over the tensor instead of some ten:
/// <code>
/// forward   c = round(clip(x / s)),  y = c * s
/// backward  dy/dx = 1, or 1[Lowest &lt;= u &lt;= Highest] when clipped
///           dy/ds = c - u where dy/dx is 1, c elsewhere
/// </code>
/// The values are those of the passes; gradients differ in the last digits, and do not depend on the number of threads.
/// </summary>
public sealed class FakeQuantization : autograd.SingleTensorFunction<FakeQuantization>
{
    private const string Formula = "formula";

    /// <inheritdoc/>
    public override string Name => nameof(FakeQuantization);

    /// <summary>Whether it can take the place of the passes, in training.</summary>
    /// <param name="spec">The sentence.</param>
    /// <param name="grid">Its grid.</param>
    public static bool Fits(QuantizerSpec spec, IGrid grid) =>
        grid is UniformGrid && spec is { Gradient: GradientKind.Ste or GradientKind.SteClipped, Rounding: RoundingMode.HalfUp or RoundingMode.HalfEven };

    /// <summary>Whether the tensor lies as it has to, in the processor's memory.</summary>
    public static bool Fits(Tensor x) => x.dtype == float32 && x.device_type == DeviceType.CPU && x.is_contiguous() && x.numel() is > 0 and < int.MaxValue / sizeof(float);

    /// <summary>y, with both derivatives.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="step">s: one element, or one for each index of dimension 0.</param>
    /// <param name="spec">The sentence.</param>
    /// <param name="grid">Its grid.</param>
    public static Tensor Of(Tensor x, Tensor step, QuantizerSpec spec, IGrid grid) =>
        apply(x, step, new FakeQuantizationKernel(grid.Lowest, grid.Highest, spec.Rounding == RoundingMode.HalfEven, spec.Gradient == GradientKind.SteClipped, get_num_threads()));

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor x, Tensor step, FakeQuantizationKernel kernel) = ((Tensor)vars[0], (Tensor)vars[1], (FakeQuantizationKernel)vars[2]);
        Tensor steps = step.contiguous();
        Tensor result = empty_like(x);
        kernel.Forward(new(x), new(steps), new(result));
        ctx.save_for_backward([x, steps]);
        ctx.save_data(Formula, (kernel, WithStep: step.requires_grad));
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor x, Tensor step) = (saved[0], saved[1]);
        (FakeQuantizationKernel kernel, bool withStep) = ((FakeQuantizationKernel, bool))ctx.get_data(Formula);
        Tensor gradient = grad_output.contiguous();
        Tensor ofInput = empty_like(x);
        Tensor? ofStep = withStep ? empty_like(step) : null;
        kernel.Backward(new(x), new(step), new(gradient), new(ofInput), ofStep is null ? default : new(ofStep));
        return [ofInput, ofStep!, null!];
    }
}
