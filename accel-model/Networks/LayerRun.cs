// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Networks;

/// <summary>One layer, over all images.</summary>
internal abstract class LayerRun(Layer layer, int images)
{
    public Layer Layer { get; } = layer;

    public int[] Outputs { get; } = new int[images * layer.Output.Elements];

    public virtual LayerOverflows Overflows => LayerOverflows.None;

    /// <summary>The layer's codes for one image; <paramref name="inputs"/> are the tensors of <see cref="Layer.Inputs"/>.</summary>
    public abstract int[] Run(int image, int[][] inputs);

    /// <exception cref="ArgumentException">The plan is not one of the layer, or missing where rounding is stochastic; or the kind is unknown.</exception>
    public static LayerRun Of(IntegerNetwork network, int index, AccumulationPlan? plan, int images)
    {
        Layer layer = network.Layers[index];
        TensorSpec input = network.InputOf(index);
        if (MatrixOperands.Of(network, index) is MatrixOperands operands)
        {
            return new MatrixRun(layer, operands, RequantizationOf(layer), input, plan, images);
        }
        if (plan is not null)
        {
            throw new ArgumentException($"layer '{layer.Name}' is a {layer.Kind} layer, which takes no plan", nameof(plan));
        }
        return layer switch
        {
            MaxPoolLayer pool => new MaxPoolRun(pool, input, images),
            AveragePoolLayer pool => new AveragePoolRun(pool, input, images),
            AddLayer add => new AddRun(add, images),
            MultiplyLayer multiply => new MultiplyRun(multiply, images),
            RequantizeLayer requantize => new RequantizeRun(requantize, images),
            LookupLayer lookup => new LookupRun(lookup, input, images),
            ConcatLayer => new ConcatRun(layer, images),
            ChannelShuffleLayer shuffle => new ChannelShuffleRun(shuffle, images),
            FlattenLayer => new FlattenRun(layer, images),
            _ => throw new ArgumentException($"layer '{layer.Name}' is of the unknown kind {layer.Kind}", nameof(network)),
        };
    }

    private static Requantization RequantizationOf(Layer layer) => layer switch
    {
        Conv2dLayer convolution => convolution.Requantization,
        DenseLayer dense => dense.Requantization,
        MatmulLayer matmul => matmul.Requantization,
        _ => throw new ArgumentException($"a {layer.Kind} layer has no accumulators", nameof(layer)),
    };
}
