// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>A product of two tensors: row by row a matrix layer whose weights are the second tensor's row.</summary>
internal sealed unsafe class MatmulStep : LayerStep
{
    private readonly MatmulLayer layer;
    private readonly TensorSpec first;
    private readonly MatrixShape shape;
    private readonly LayerSums sums;
    private readonly AccumulatorStep accumulators;

    /// <param name="layer">The layer.</param>
    /// <param name="first">Its first tensor.</param>
    /// <param name="plan">Order and widths of its additions; null for exact sums.</param>
    /// <param name="codes">Codes of the first tensor.</param>
    /// <param name="secondCodes">Codes of the second one.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">The plan is not one of the layer, or is missing where rounding is stochastic; or a weight needs more than 32 bits.</exception>
    public MatmulStep(MatmulLayer layer, TensorSpec first, AccumulationPlan? plan, CodeSet codes, CodeSet secondCodes, InstructionSet set)
    {
        this.layer = layer;
        this.first = first;
        shape = MatrixShape.Of(layer, first);
        Interval weights = secondCodes.Range + new Interval(layer.SecondOffset, layer.SecondOffset);
        if (weights is not { Low: >= int.MinValue, High: <= int.MaxValue })
        {
            throw new ArgumentException($"codes of the second tensor of layer '{layer.Name}' plus its offset are {weights.Low}..{weights.High}, more than 32 bits", nameof(layer));
        }
        sums = LayerSums.Of(shape, plan, codes, weights, set);
        accumulators = AccumulatorStep.Of(shape, layer.Requantization, null, plan, sums, first.Pixels, set);
    }

    public override CodeSet Codes => CodeSet.Of(layer.Requantization);

    public override Runner ForThread(int images) => new ThreadRunner(this);

    private sealed class ThreadRunner(MatmulStep owner) : Runner
    {
        private readonly LayerSums.Runner sums = owner.sums.ForThread(1);
        private readonly int[] weights = new int[owner.shape.Outputs * owner.shape.Depth];

        public override long ScratchBytes => (long)owner.shape.Pixels * owner.sums.Pitch * (owner.sums.Wide ? sizeof(long) : sizeof(int));

        public override void Run(StepImages images)
        {
            int batches = owner.first.Height;
            int pixels = owner.shape.Pixels;
            for (int image = 0; image < images.Count; image++)
            {
                int* output = images.Output + ((nint)image * batches * pixels * owner.shape.Outputs);
                for (int batch = 0; batch < batches; batch++)
                {
                    nint row = ((nint)image * batches) + batch;
                    TakeWeights(images.Inputs[1] + (row * weights.Length));
                    sums.Run(new SumBatch(images.Inputs[0] + (row * owner.shape.Input.Elements), 1, images.First + image, batch * pixels), images.Scratch, Tally);
                    owner.accumulators.Run(images.Scratch, batch * pixels, images.Scratch, output + ((nint)batch * pixels * owner.shape.Outputs));
                }
                owner.accumulators.Finish(output);
            }
        }

        private void TakeWeights(int* second)
        {
            int outputs = owner.shape.Outputs;
            int depth = owner.shape.Depth;
            for (int output = 0; output < outputs; output++)
            {
                for (int k = 0; k < depth; k++)
                {
                    int code = owner.layer.TransposeSecond ? second[((nint)output * depth) + k] : second[((nint)k * outputs) + output];
                    weights[(output * depth) + k] = code + owner.layer.SecondOffset;
                }
            }
            sums.SetWeights(weights);
        }
    }
}
